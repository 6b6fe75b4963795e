<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AboveChat</name>
    <message>
        <source>Announcement: {text}</source>
        <translation>公告：{text}</translation>
    </message>
    <message>
        <source>Pinned: {text}</source>
        <translation>置顶：{text}</translation>
    </message>
    <message>
        <source>Hide the announcement</source>
        <translation>隐藏公告</translation>
    </message>
    <message>
        <source>Hide the pinned message</source>
        <translation>隐藏置顶消息</translation>
    </message>
    <message>
        <source>Take the announcement down for all</source>
        <translation>为所有人撤下公告</translation>
    </message>
    <message>
        <source>Unpin the message for all</source>
        <translation>为所有人取消置顶</translation>
    </message>
</context>
<context>
    <name>AccountCard</name>
    <message>
        <source>You are a guest.</source>
        <translation>你现在是访客。</translation>
    </message>
    <message>
        <source>Guests may watch public rooms. With an account you can write and go live.</source>
        <translation>访客可以观看公开房间；注册账号后可以发言和开播。</translation>
    </message>
    <message>
        <source>You are %1.</source>
        <translation>你是 %1。</translation>
    </message>
    <message>
        <source>A new password logs out all your other devices.</source>
        <translation>修改密码后，其他设备都会退出登录。</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Old password</source>
        <translation>旧密码</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>新密码</translation>
    </message>
    <message>
        <source>Sign-up code of this house</source>
        <translation>本站注册码</translation>
    </message>
    <message>
        <source>Secret from an admin</source>
        <translation>管理员给的密钥</translation>
    </message>
    <message>
        <source>Log in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Make an account</source>
        <translation>注册账号</translation>
    </message>
    <message>
        <source>I have a secret for a new password</source>
        <translation>我有重设密码的密钥</translation>
    </message>
    <message>
        <source>Set it</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Set the new password</source>
        <translation>设置新密码</translation>
    </message>
    <message>
        <source>Change password</source>
        <translation>修改密码</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>A password was made for you. Set your own to log in on other devices.</source>
        <translation>密码是自动生成的。设置自己的密码后，可在其他设备上登录。</translation>
    </message>
</context>
<context>
    <name>Acts</name>
    <message>
        <source>Muted somebody</source>
        <translation>禁言了某人</translation>
    </message>
    <message>
        <source>Kicked somebody out</source>
        <translation>请出了某人</translation>
    </message>
    <message>
        <source>Banned somebody</source>
        <translation>封禁了某人</translation>
    </message>
    <message>
        <source>Lifted a sanction</source>
        <translation>解除了处罚</translation>
    </message>
    <message>
        <source>Deleted messages</source>
        <translation>删除了消息</translation>
    </message>
    <message>
        <source>Changed chat rules</source>
        <translation>修改了聊天规则</translation>
    </message>
    <message>
        <source>Pinned a message</source>
        <translation>置顶了消息</translation>
    </message>
    <message>
        <source>Announced</source>
        <translation>发了公告</translation>
    </message>
    <message>
        <source>Changed a moderator</source>
        <translation>变更了房管</translation>
    </message>
    <message>
        <source>Closed a room</source>
        <translation>关闭了房间</translation>
    </message>
    <message>
        <source>Opened a room again</source>
        <translation>重新开放了房间</translation>
    </message>
    <message>
        <source>Stopped a raid</source>
        <translation>拦下围攻</translation>
    </message>
    <message>
        <source>Put words on a list</source>
        <translation>加了屏蔽词</translation>
    </message>
    <message>
        <source>Took a word off a list</source>
        <translation>移除了屏蔽词</translation>
    </message>
    <message>
        <source>Changed the rules for texts</source>
        <translation>改了文字规则</translation>
    </message>
    <message>
        <source>Added an emote</source>
        <translation>添加了表情</translation>
    </message>
    <message>
        <source>Removed an emote</source>
        <translation>移除了表情</translation>
    </message>
    <message>
        <source>Took a room&apos;s cover away</source>
        <translation>移除了房间封面</translation>
    </message>
    <message>
        <source>Changed a room</source>
        <translation>修改了房间信息</translation>
    </message>
    <message>
        <source>Flagged as perhaps banned</source>
        <translation>标记了疑似被封禁者</translation>
    </message>
    <message>
        <source>Made a room</source>
        <translation>新建了房间</translation>
    </message>
    <message>
        <source>Featured a room</source>
        <translation>推荐了房间</translation>
    </message>
    <message>
        <source>Planned a broadcast</source>
        <translation>预告了直播</translation>
    </message>
    <message>
        <source>Announced to all</source>
        <translation>发了全站公告</translation>
    </message>
    <message>
        <source>Changed an admin</source>
        <translation>变更了管理员</translation>
    </message>
    <message>
        <source>Logged somebody out</source>
        <translation>让某人退出登录</translation>
    </message>
    <message>
        <source>Allowed a new password</source>
        <translation>允许重设密码</translation>
    </message>
    <message>
        <source>Changed a gift</source>
        <translation>修改了礼物</translation>
    </message>
    <message>
        <source>Gave coins</source>
        <translation>发放了金币</translation>
    </message>
    <message>
        <source>Gave coins back</source>
        <translation>退还了金币</translation>
    </message>
    <message>
        <source>Changed a setting</source>
        <translation>修改了设置</translation>
    </message>
    <message>
        <source>Made a backup</source>
        <translation>做了备份</translation>
    </message>
    <message>
        <source>Checked the database</source>
        <translation>检查了数据库</translation>
    </message>
    <message>
        <source>Deleted a backup</source>
        <translation>删除了备份</translation>
    </message>
    <message>
        <source>Prepared a restore</source>
        <translation>准备了恢复</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
</context>
<context>
    <name>ActsPopup</name>
    <message>
        <source>What was done here</source>
        <translation>管理记录</translation>
    </message>
    <message>
        <source>Undo the chosen one</source>
        <translation>撤销选中的操作</translation>
    </message>
    <message>
        <source>Nothing yet: every mute, ban, deletion and rule will stand here.</source>
        <translation>还没有记录：禁言、封禁、删除和规则改动都会列在这里。</translation>
    </message>
    <message>
        <source>Newest first, seen by all who lead here.</source>
        <translation>最新的在前，管理本房间的人都能看到。</translation>
    </message>
</context>
<context>
    <name>AddMenus</name>
    <message>
        <source>No camera is plugged in</source>
        <translation>没有接入摄像头</translation>
    </message>
    <message>
        <source>The whole screen</source>
        <translation>整个屏幕</translation>
    </message>
    <message>
        <source>Media file…</source>
        <translation>媒体文件…</translation>
    </message>
    <message>
        <source>Network stream…</source>
        <translation>网络流…</translation>
    </message>
    <message>
        <source>Image…</source>
        <translation>图片…</translation>
    </message>
    <message>
        <source>Text…</source>
        <translation>文字…</translation>
    </message>
    <message>
        <source>Test card</source>
        <translation>测试图</translation>
    </message>
    <message>
        <source>All screens</source>
        <translation>所有屏幕</translation>
    </message>
    <message>
        <source>Screen %1</source>
        <translation>屏幕 %1</translation>
    </message>
    <message>
        <source>Window of another program</source>
        <translation>其他程序的窗口</translation>
    </message>
    <message>
        <source>No microphone is plugged in</source>
        <translation>没有接入麦克风</translation>
    </message>
    <message>
        <source>Test tone</source>
        <translation>测试音</translation>
    </message>
    <message>
        <source>Media file</source>
        <translation>媒体文件</translation>
    </message>
    <message>
        <source>Video and sound</source>
        <translation>视频和音频</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Network stream</source>
        <translation>网络流</translation>
    </message>
    <message>
        <source>Address, as in rtsp://camera.local/stream</source>
        <translation>地址，例如 rtsp://camera.local/stream</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
</context>
<context>
    <name>AuditPanel</name>
    <message>
        <source>Book of acts</source>
        <translation>操作记录</translation>
    </message>
    <message>
        <source>Lines shown: %1</source>
        <translation>显示 %1 条</translation>
    </message>
    <message>
        <source>Nothing was done that fits here.</source>
        <translation>没有符合条件的操作。</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>操作类型</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>全部操作</translation>
    </message>
    <message>
        <source>Since when</source>
        <translation>时间范围</translation>
    </message>
    <message>
        <source>At any time</source>
        <translation>不限时间</translation>
    </message>
    <message>
        <source>In 24 hours</source>
        <translation>24 小时内</translation>
    </message>
    <message>
        <source>In 7 days</source>
        <translation>7 天内</translation>
    </message>
    <message>
        <source>In 30 days</source>
        <translation>30 天内</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Save as a file…</source>
        <translation>导出文件…</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <source>The relay itself</source>
        <translation>系统自动</translation>
    </message>
    <message>
        <source>Undone</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>It is undone.</source>
        <translation>已撤销。</translation>
    </message>
    <message>
        <source>Save the book of acts</source>
        <translation>导出操作记录</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>表格 (*.csv)</translation>
    </message>
    <message>
        <source>Data (*.json)</source>
        <translation>数据 (*.json)</translation>
    </message>
    <message>
        <source>Lines saved: %1</source>
        <translation>已保存 %1 条</translation>
    </message>
    <message>
        <source>The file could not be written: %1</source>
        <translation>文件写不进去：%1</translation>
    </message>
</context>
<context>
    <name>BoundedText</name>
    <message numerus="yes">
        <source>%n characters left</source>
        <translation>
            <numerusform>还可输入 %n 个字</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Card</name>
    <message>
        <source>More about {0}</source>
        <translation>{0} 的更多选项</translation>
    </message>
    <message>
        <source>Not interested, why it is here</source>
        <translation>不感兴趣、推荐理由</translation>
    </message>
</context>
<context>
    <name>Causes</name>
    <message>
        <source>%1 new people wrote at once</source>
        <translation>%1 名新人同时发言</translation>
    </message>
    <message>
        <source>how they behave</source>
        <translation>行为异常</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>account made %1 min ago</source>
        <translation>账号 %1 分钟前才注册</translation>
    </message>
    <message>
        <source>new in this room</source>
        <translation>刚进这个房间</translation>
    </message>
    <message>
        <source>%1 messages within seconds</source>
        <translation>几秒内发了 %1 条</translation>
    </message>
    <message>
        <source>the same text %1 times</source>
        <translation>同样的话发了 %1 次</translation>
    </message>
    <message>
        <source>%1 newcomers with one text</source>
        <translation>%1 名新人发同样的话</translation>
    </message>
    <message>
        <source>a device shared with %1 others here</source>
        <translation>与这里的另外 %1 人共用设备</translation>
    </message>
    <message>
        <source>%1 newcomers behind one address</source>
        <translation>%1 名新人来自同一地址</translation>
    </message>
    <message>
        <source>%1 refused messages</source>
        <translation>%1 条消息被拒</translation>
    </message>
    <message>
        <source>came and went %1 times</source>
        <translation>进出了 %1 次</translation>
    </message>
    <message>
        <source>reported %1 times</source>
        <translation>被举报 %1 次</translation>
    </message>
    <message>
        <source>a device of somebody banned</source>
        <translation>用的是被封禁者的设备</translation>
    </message>
    <message>
        <source>an address of somebody banned</source>
        <translation>来自被封禁者的地址</translation>
    </message>
    <message>
        <source>unlike what is usual here</source>
        <translation>与这里的常态不符</translation>
    </message>
    <message>
        <source>young accounts</source>
        <translation>都是新账号</translation>
    </message>
    <message>
        <source>all new here</source>
        <translation>都是刚来的</translation>
    </message>
    <message>
        <source>many messages each</source>
        <translation>每人发言很多</translation>
    </message>
    <message>
        <source>one text</source>
        <translation>内容相同</translation>
    </message>
    <message>
        <source>one device</source>
        <translation>设备相同</translation>
    </message>
    <message>
        <source>one address</source>
        <translation>地址相同</translation>
    </message>
    <message>
        <source>refused messages</source>
        <translation>消息被拒</translation>
    </message>
</context>
<context>
    <name>ChannelStrip</name>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>电平</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>增益</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Suppress noise</source>
        <translation>降噪</translation>
    </message>
    <message>
        <source>Remove this sound</source>
        <translation>移除此声音</translation>
    </message>
    <message>
        <source>No signal</source>
        <translation>无信号</translation>
    </message>
</context>
<context>
    <name>ChaptersPopup</name>
    <message>
        <source>Chapters</source>
        <translation>章节</translation>
    </message>
    <message>
        <source>Go there</source>
        <translation>前往</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>New chapter here</source>
        <translation>在此处新建章节</translation>
    </message>
    <message>
        <source>There are none yet. Go to a moment and begin one there.</source>
        <translation>还没有章节。跳到想要的时刻，在那里新建一个。</translation>
    </message>
    <message>
        <source>This recording has none.</source>
        <translation>这段录像没有章节。</translation>
    </message>
    <message>
        <source>Chapter at {0}</source>
        <translation>{0} 处的章节</translation>
    </message>
</context>
<context>
    <name>ChatList</name>
    <message>
        <source>Chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>host</source>
        <translation>主播</translation>
    </message>
    <message>
        <source>mod</source>
        <translation>房管</translation>
    </message>
    <message>
        <source>admin</source>
        <translation>管理员</translation>
    </message>
    <message>
        <source>New</source>
        <translation>新消息</translation>
    </message>
    <message>
        <source>An earlier message</source>
        <translation>较早的消息</translation>
    </message>
    <message>
        <source>Jump to newest</source>
        <translation>跳到最新</translation>
    </message>
    <message numerus="yes">
        <source>Jump to newest (%n)</source>
        <translation>
            <numerusform>跳到最新（%n）</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n blocked: show again</source>
        <translation>
            <numerusform>已屏蔽 %n 人：重新显示</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n danmaku hidden</source>
        <translation>
            <numerusform>%n 条弹幕未显示</numerusform>
        </translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>回复</translation>
    </message>
    <message>
        <source>Mention</source>
        <translation>提到</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Block {name}</source>
        <translation>屏蔽 {name}</translation>
    </message>
</context>
<context>
    <name>ChatPanel</name>
    <message>
        <source>Nobody has said anything yet. Be the first.</source>
        <translation>还没有人发言，来说第一句吧。</translation>
    </message>
    <message>
        <source>Your message</source>
        <translation>你的消息</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Send the message</source>
        <translation>发送消息</translation>
    </message>
    <message>
        <source>Scrolling</source>
        <translation>滚动</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>顶部</translation>
    </message>
    <message>
        <source>Bottom</source>
        <translation>底部</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>小字</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>标准</translation>
    </message>
    <message>
        <source>Large</source>
        <translation>大字</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>字号</translation>
    </message>
    <message>
        <source>Where it flies</source>
        <translation>弹幕位置</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Emotes</source>
        <translation>表情</translation>
    </message>
    <message>
        <source>White</source>
        <translation>白色</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>红色</translation>
    </message>
    <message>
        <source>Orange</source>
        <translation>橙色</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>黄色</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>绿色</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>蓝色</translation>
    </message>
    <message>
        <source>Violet</source>
        <translation>紫色</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Sign in to write</source>
        <translation>登录后即可发言</translation>
    </message>
    <message>
        <source>You are muted</source>
        <translation>你已被禁言</translation>
    </message>
    <message>
        <source>You are not in this room</source>
        <translation>你不在这个房间里</translation>
    </message>
    <message>
        <source>Say something</source>
        <translation>说点什么</translation>
    </message>
    <message numerus="yes">
        <source>Too fast. You can send again in %n s.</source>
        <translation>
            <numerusform>发得太快了，%n 秒后可以再发。</numerusform>
        </translation>
    </message>
    <message>
        <source>Not sent: {reason}</source>
        <translation>未发送：{reason}</translation>
    </message>
    <message>
        <source>Your message waits until it is let through.</source>
        <translation>你的消息正在等待审核。</translation>
    </message>
</context>
<context>
    <name>ChatRulesPanel</name>
    <message>
        <source>Chat rules</source>
        <translation>聊天规则</translation>
    </message>
    <message>
        <source>Pause between messages</source>
        <translation>发言间隔</translation>
    </message>
    <message>
        <source>Show messages later by</source>
        <translation>延迟显示</translation>
    </message>
    <message>
        <source>Announcement</source>
        <translation>公告</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Nobody may write for now</source>
        <translation>暂时全员禁言</translation>
    </message>
    <message>
        <source>Only people known here may write</source>
        <translation>只有老观众可以发言</translation>
    </message>
    <message>
        <source>Who wrote here, or followed you, before this was switched on</source>
        <translation>开启之前在这里发过言或关注过你的人</translation>
    </message>
    <message>
        <source>Only followers may write</source>
        <translation>仅关注者可发言</translation>
    </message>
    <message>
        <source>Only emoji</source>
        <translation>仅限表情</translation>
    </message>
    <message>
        <source>Hold each message until it is let through</source>
        <translation>每条消息先审后发</translation>
    </message>
    <message>
        <source>Owner, moderators and admins are free of them.</source>
        <translation>主播、房管和管理员不受这些规则限制。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>ChatSearch</name>
    <message>
        <source>Search the chat</source>
        <translation>搜索聊天</translation>
    </message>
    <message>
        <source>Previous match</source>
        <translation>上一个</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>下一个</translation>
    </message>
    <message>
        <source>Close the search</source>
        <translation>关闭搜索</translation>
    </message>
</context>
<context>
    <name>Coins</name>
    <message>
        <source>1 coin</source>
        <translation>1 金币</translation>
    </message>
    <message>
        <source>%1 coins</source>
        <translation>%1 金币</translation>
    </message>
    <message>
        <source>1 bean</source>
        <translation>1 金豆</translation>
    </message>
    <message>
        <source>%1 beans</source>
        <translation>%1 金豆</translation>
    </message>
</context>
<context>
    <name>ComboRing</name>
    <message>
        <source>Combo ×{0}</source>
        <translation>连击 ×{0}</translation>
    </message>
</context>
<context>
    <name>ConsentBox</name>
    <message>
        <source>I agree that this relay keeps this</source>
        <translation>我同意保存以上内容</translation>
    </message>
    <message>
        <source>For a new account this relay keeps: your name, what you write, whom you follow, your rooms, votes and coins, and on which devices you are logged in. It stores no internet address in the clear.</source>
        <translation>注册账号后，这台服务器会保存：你的名字、你发的内容、你关注的人、你的房间、投票和金币，以及你在哪些设备上登录。网络地址不会明文保存。</translation>
    </message>
    <message>
        <source>Others in a room see your name and what you write. The relay&apos;s keeper can see all of it. On this page you can see, take along and erase it at any time.</source>
        <translation>房间里的其他人能看到你的名字和你发的内容，服务器的管理者能看到以上全部。你随时可以在本页查看、导出或删除这些数据。</translation>
    </message>
</context>
<context>
    <name>ControlBar</name>
    <message>
        <source>Go back in the recording</source>
        <translation>回看录像</translation>
    </message>
    <message>
        <source>Picture in picture</source>
        <translation>画中画</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>统计信息</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>画质</translation>
    </message>
    <message>
        <source>Delay, from instant to steady</source>
        <translation>延迟：从即时到平稳</translation>
    </message>
    <message>
        <source>Delay: left is instant, right is steady</source>
        <translation>延迟：左为即时，右为平稳</translation>
    </message>
    <message>
        <source>Delay now</source>
        <translation>当前延迟</translation>
    </message>
    <message>
        <source>From the host&apos;s camera to your screen</source>
        <translation>从主播的摄像头到你的屏幕</translation>
    </message>
</context>
<context>
    <name>CoverRow</name>
    <message>
        <source>Cover in Discover</source>
        <translation>“发现”里的封面</translation>
    </message>
    <message>
        <source>Picture…</source>
        <translation>选择图片…</translation>
    </message>
    <message>
        <source>Choose a picture as the cover</source>
        <translation>选择一张图片作封面</translation>
    </message>
    <message>
        <source>Current picture</source>
        <translation>用当前画面</translation>
    </message>
    <message>
        <source>Take the current picture as the cover</source>
        <translation>用当前画面作封面</translation>
    </message>
    <message>
        <source>Remove the cover</source>
        <translation>移除封面</translation>
    </message>
    <message>
        <source>Cover</source>
        <translation>封面</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>This picture cannot be read, or it is larger than 64 MB.</source>
        <translation>无法读取这张图片，或它大于 64 MB。</translation>
    </message>
    <message>
        <source>There is no picture yet: wait for the preview.</source>
        <translation>还没有画面，请等预览出现。</translation>
    </message>
    <message>
        <source>This picture cannot be made small enough. Take another.</source>
        <translation>这张图片压缩后仍然太大，请换一张。</translation>
    </message>
</context>
<context>
    <name>CrashOffer</name>
    <message>
        <source>Something failed inside Livehouse, and it goes on. A report is kept; at the next start you can save it.</source>
        <translation>Livehouse 内部出了错，程序会继续运行。报告已留下，下次启动时可以保存。</translation>
    </message>
    <message>
        <source>Livehouse did not end well last time</source>
        <translation>Livehouse 上次没有正常结束</translation>
    </message>
    <message>
        <source>Something failed inside Livehouse last time</source>
        <translation>Livehouse 上次运行时内部出过错</translation>
    </message>
    <message>
        <source>There is a report that helps to mend it: versions, where it failed, the last lines of the log; no passwords, links or messages. It stays on this computer, and is deleted here once you have saved or dismissed it.</source>
        <translation>有一份帮助修复的报告：版本、出错的位置、最后几行日志；没有密码、链接和消息。它只留在这台电脑上，保存或忽略之后就从这里删除。</translation>
    </message>
    <message>
        <source>The report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Save the report…</source>
        <translation>保存报告…</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>查看</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>忽略</translation>
    </message>
    <message>
        <source>It cannot be saved there: {reason}</source>
        <translation>无法保存到那里：{reason}</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>保存报告</translation>
    </message>
</context>
<context>
    <name>DanmakuSettingsPanel</name>
    <message>
        <source>Danmaku settings</source>
        <translation>弹幕设置</translation>
    </message>
    <message>
        <source>Area</source>
        <translation>显示区域</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>字号</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>密度</translation>
    </message>
    <message>
        <source>The whole picture</source>
        <translation>整个画面</translation>
    </message>
    <message>
        <source>A list instead of flying texts</source>
        <translation>以列表显示，不飞过画面</translation>
    </message>
    <message>
        <source>Keep a box clear</source>
        <translation>留出一块区域</translation>
    </message>
    <message>
        <source>Draw it</source>
        <translation>框选</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove the chosen block</source>
        <translation>移除所选屏蔽</translation>
    </message>
    <message>
        <source>Block these words</source>
        <translation>屏蔽这些词</translation>
    </message>
    <message>
        <source>Block words</source>
        <translation>屏蔽词</translation>
    </message>
    <message>
        <source>Words to block</source>
        <translation>要屏蔽的词</translation>
    </message>
    <message>
        <source>Blocked</source>
        <translation>已屏蔽</translation>
    </message>
    <message>
        <source>Blocked words and people</source>
        <translation>已屏蔽的词和用户</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>DanmakuTools</name>
    <message>
        <source>Blocked. Danmaku settings has the list.</source>
        <translation>已屏蔽，可在弹幕设置中查看。</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>复制文字</translation>
    </message>
    <message>
        <source>Block these words</source>
        <translation>屏蔽这些词</translation>
    </message>
    <message>
        <source>Block this person</source>
        <translation>屏蔽此人</translation>
    </message>
</context>
<context>
    <name>Data</name>
    <message>
        <source>Messages</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Rooms</source>
        <translation>房间</translation>
    </message>
    <message>
        <source>Broadcasts</source>
        <translation>直播</translation>
    </message>
    <message>
        <source>People you follow</source>
        <translation>关注的人</translation>
    </message>
    <message>
        <source>Followers</source>
        <translation>粉丝</translation>
    </message>
    <message>
        <source>Rooms you moderate</source>
        <translation>担任房管的房间</translation>
    </message>
    <message>
        <source>Polls you opened</source>
        <translation>发起的投票</translation>
    </message>
    <message>
        <source>Votes</source>
        <translation>投过的票</translation>
    </message>
    <message>
        <source>Draws you opened</source>
        <translation>发起的抽奖</translation>
    </message>
    <message>
        <source>Draws you entered</source>
        <translation>参加的抽奖</translation>
    </message>
    <message>
        <source>Announcements</source>
        <translation>公告</translation>
    </message>
    <message>
        <source>Movements of coins</source>
        <translation>金币流水</translation>
    </message>
    <message>
        <source>Days on which you watched</source>
        <translation>看过直播的天数</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>登录会话</translation>
    </message>
    <message>
        <source>Known devices</source>
        <translation>登录过的设备</translation>
    </message>
    <message>
        <source>Hashes of devices and addresses</source>
        <translation>设备与地址的散列</translation>
    </message>
    <message>
        <source>Other entries</source>
        <translation>其他记录</translation>
    </message>
</context>
<context>
    <name>DataCard</name>
    <message>
        <source>My data</source>
        <translation>我的数据</translation>
    </message>
    <message>
        <source>Remember what I watch, to recommend rooms to me</source>
        <translation>记录我的观看，用来给我推荐房间</translation>
    </message>
    <message>
        <source>Save a copy…</source>
        <translation>保存一份…</translation>
    </message>
    <message>
        <source>Erase my account…</source>
        <translation>注销账号…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Asking the relay what it has…</source>
        <translation>正在询问服务器保存了什么…</translation>
    </message>
    <message>
        <source>Saving a copy of your data</source>
        <translation>正在保存你的数据</translation>
    </message>
    <message>
        <source>{what}: {count}</source>
        <translation>{what}：{count}</translation>
    </message>
    <message>
        <source>Save a copy of your data</source>
        <translation>保存一份你的数据</translation>
    </message>
    <message>
        <source>Zip files (*.zip)</source>
        <translation>Zip 文件 (*.zip)</translation>
    </message>
    <message>
        <source>Your data is saved in %1.</source>
        <translation>你的数据已保存到 %1。</translation>
    </message>
    <message>
        <source>Your account is erased.</source>
        <translation>你的账号已注销。</translation>
    </message>
</context>
<context>
    <name>Desktop</name>
    <message>
        <source>An invite link to another house was opened. If you go there, you leave this one, and what you host or stream here ends.</source>
        <translation>打开了通往另一个直播站的邀请链接。前往后会离开这里，你在这里的直播站或直播也会结束。</translation>
    </message>
    <message>
        <source>Go there</source>
        <translation>前往</translation>
    </message>
    <message>
        <source>Stay here</source>
        <translation>留在这里</translation>
    </message>
    <message>
        <source>The relay on this computer stopped. It is opened again by itself.</source>
        <translation>本机的服务器已停止，正在自动重新打开。</translation>
    </message>
    <message>
        <source>The relay is back, and everything goes on.</source>
        <translation>服务器恢复了，一切照常继续。</translation>
    </message>
    <message>
        <source>Settings hold until Livehouse is closed, but cannot be saved. Is the disk full?</source>
        <translation>设置在关闭 Livehouse 之前有效，但无法保存。磁盘是否已满？</translation>
    </message>
</context>
<context>
    <name>DevicesCard</name>
    <message>
        <source>Devices signed in</source>
        <translation>已登录的设备</translation>
    </message>
    <message>
        <source>Do you not know one of them? Log it out and change your password.</source>
        <translation>有不认识的设备？请将它退出，并修改密码。</translation>
    </message>
    <message>
        <source>Log out on all devices</source>
        <translation>退出所有设备</translation>
    </message>
    <message>
        <source>A device without a name</source>
        <translation>未命名的设备</translation>
    </message>
    <message>
        <source>This device</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>Log out %1</source>
        <translation>退出 %1</translation>
    </message>
</context>
<context>
    <name>DiscoverPage</name>
    <message>
        <source>Discover</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Search rooms and streamers</source>
        <translation>搜索房间和主播</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Recommended for you</source>
        <translation>为你推荐</translation>
    </message>
    <message>
        <source>Following</source>
        <translation>关注的主播</translation>
    </message>
    <message>
        <source>Live now</source>
        <translation>正在直播</translation>
    </message>
    <message>
        <source>Not live</source>
        <translation>未开播</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Go to Studio</source>
        <translation>去演播室</translation>
    </message>
    <message>
        <source>All categories</source>
        <translation>全部分类</translation>
    </message>
    <message>
        <source>Back soon</source>
        <translation>马上回来</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>直播中</translation>
    </message>
    <message>
        <source>Live · {n} watching</source>
        <translation>直播中 · {n} 人观看</translation>
    </message>
    <message>
        <source>Your own room</source>
        <translation>你自己的房间</translation>
    </message>
    <message>
        <source>You follow the host</source>
        <translation>你关注的主播</translation>
    </message>
    <message>
        <source>The host will be back</source>
        <translation>主播马上回来</translation>
    </message>
    <message>
        <source>Featured by the house</source>
        <translation>站内推荐</translation>
    </message>
    <message>
        <source>Most watched now</source>
        <translation>现在看的人最多</translation>
    </message>
    <message>
        <source>Live right now</source>
        <translation>正在直播</translation>
    </message>
    <message>
        <source>You are in no house yet</source>
        <translation>你还没有进入任何直播站</translation>
    </message>
    <message>
        <source>Open your own in Studio, or join one with a link under Me.</source>
        <translation>在“演播室”里开自己的直播站，或在“我的”里用链接加入。</translation>
    </message>
    <message>
        <source>The rooms cannot be listed</source>
        <translation>无法列出房间</translation>
    </message>
    <message>
        <source>Looking for rooms</source>
        <translation>正在查找房间</translation>
    </message>
    <message>
        <source>Nothing fits</source>
        <translation>没有符合的房间</translation>
    </message>
    <message>
        <source>Try another word, or all categories.</source>
        <translation>换个词，或选择全部分类。</translation>
    </message>
    <message>
        <source>No rooms yet</source>
        <translation>还没有房间</translation>
    </message>
    <message>
        <source>Open Studio and be the first to go live here.</source>
        <translation>到演播室开播，成为这里的第一位主播。</translation>
    </message>
</context>
<context>
    <name>DrawDialog</name>
    <message>
        <source>New lucky draw</source>
        <translation>新抽奖</translation>
    </message>
    <message>
        <source>Prize</source>
        <translation>奖品</translation>
    </message>
    <message>
        <source>Winners</source>
        <translation>中奖人数</translation>
    </message>
</context>
<context>
    <name>EmotePicker</name>
    <message>
        <source>Emotes</source>
        <translation>表情</translation>
    </message>
    <message>
        <source>Emotes of this room…</source>
        <translation>本房间的表情…</translation>
    </message>
</context>
<context>
    <name>EmotesPopup</name>
    <message>
        <source>Emotes of this room</source>
        <translation>本房间的表情</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Add picture…</source>
        <translation>添加图片…</translation>
    </message>
    <message>
        <source>Name, or the file&apos;s</source>
        <translation>名称，留空则用文件名</translation>
    </message>
    <message>
        <source>Name of the emote</source>
        <translation>表情名称</translation>
    </message>
    <message>
        <source>A name is 2 to 24 of a-z, 0-9 and _, and not one that every room has.</source>
        <translation>名称为 2 到 24 个字符，可用 a-z、0-9 和 _，且不能与通用表情重名。</translation>
    </message>
    <message>
        <source>This file is no picture that can be an emote.</source>
        <translation>这个文件不是能用作表情的图片。</translation>
    </message>
    <message>
        <source>Everybody here writes them as :name:. A picture is made small for you.</source>
        <translation>房间里的人写 :name: 即可使用。图片会自动缩小。</translation>
    </message>
    <message>
        <source>{0} of {1}. Everybody here writes them as :name:.</source>
        <translation>已有 {0} 个，最多 {1} 个。房间里的人写 :name: 即可使用。</translation>
    </message>
    <message>
        <source>A picture for an emote</source>
        <translation>选择表情图片</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
</context>
<context>
    <name>EraseDialog</name>
    <message>
        <source>Erase your account?</source>
        <translation>注销账号？</translation>
    </message>
    <message>
        <source>At once and for good: your name, messages, rooms with all that others wrote in them, follows, votes, entries in draws, sessions and devices. Coins and beans that are left are lost.</source>
        <translation>立即永久删除：你的名字、消息、你的房间（连同别人在里面发的内容）、关注、投票、抽奖记录、登录会话和设备。剩余的金币和金豆一并作废。</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留账号</translation>
    </message>
    <message>
        <source>Erase for good</source>
        <translation>永久删除</translation>
    </message>
    <message>
        <source>What stays: the ledger of coins, with a number in place of your name; what others wrote in other rooms; and copies that the relay&apos;s keeper has made, until they are too old.</source>
        <translation>会留下的：金币账本，其中你的名字换成一个编号；别人在其他房间发的内容；以及服务器管理者做过的备份，直到备份过期。</translation>
    </message>
    <message>
        <source>You leave your house; opening it again makes a new account.</source>
        <translation>你会离开自己的直播站；再次开启时会新建账号。</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>This relay shows another certificate than the invite link promised. Nothing was sent. Ask for a new link, and only go on if you trust who gives it.</source>
        <translation>这台服务器的证书与邀请链接中的不一致，没有发送任何内容。请索取新的链接，确认对方可信后再继续。</translation>
    </message>
    <message>
        <source>The relay cannot be reached. Is its computer on, and in the same network as this one?</source>
        <translation>连接不上服务器。它所在的电脑开着吗？和本机在同一个网络里吗？</translation>
    </message>
    <message>
        <source>Picture or sound gave up: %1</source>
        <translation>画面或声音出错：%1</translation>
    </message>
    <message>
        <source>This cannot be used: %1</source>
        <translation>这个不能用：%1</translation>
    </message>
    <message>
        <source>That did not work: %1</source>
        <translation>没有成功：%1</translation>
    </message>
    <message>
        <source>The relay on this computer did not start: %1</source>
        <translation>这台电脑上的服务器没有启动：%1</translation>
    </message>
    <message>
        <source>Try again in %1 s.</source>
        <translation>请在 %1 秒后重试。</translation>
    </message>
    <message>
        <source>Try again in %1 min.</source>
        <translation>请在 %1 分钟后重试。</translation>
    </message>
    <message>
        <source>Try again in %1 h.</source>
        <translation>请在 %1 小时后重试。</translation>
    </message>
    <message>
        <source>Try again in %1 days.</source>
        <translation>请在 %1 天后重试。</translation>
    </message>
    <message>
        <source>Reason: %1</source>
        <translation>原因：%1</translation>
    </message>
    <message>
        <source>There is no such report any more.</source>
        <translation>这条举报已不存在。</translation>
    </message>
    <message>
        <source>There is no such feedback any more.</source>
        <translation>这条反馈已不存在。</translation>
    </message>
    <message>
        <source>Somebody else is working on this report.</source>
        <translation>已有其他人在处理这条举报。</translation>
    </message>
    <message>
        <source>This house takes no new accounts at the moment.</source>
        <translation>这里暂时不开放注册。</translation>
    </message>
    <message>
        <source>This house asks for its sign-up code. Whoever runs it can tell you.</source>
        <translation>这里注册要填注册码，可以问管理的人。</translation>
    </message>
    <message>
        <source>In this house only the admins make rooms. Ask one of them.</source>
        <translation>这里只有管理员能建房间，请找管理员。</translation>
    </message>
    <message>
        <source>Name and secret do not fit, or the secret is too old. Ask for another.</source>
        <translation>名字和密钥不符，或密钥已过期，请再要一个。</translation>
    </message>
    <message>
        <source>Nobody can report themselves.</source>
        <translation>不能举报自己。</translation>
    </message>
    <message>
        <source>Much of yours waits for an answer already. Please wait for that first.</source>
        <translation>你已有不少反馈待回复，请先等等。</translation>
    </message>
    <message>
        <source>The password is wrong.</source>
        <translation>密码不对。</translation>
    </message>
    <message>
        <source>The relay has given this export up. Begin it again.</source>
        <translation>服务器已放弃这次导出，请重新开始。</translation>
    </message>
    <message>
        <source>This word is not on the list any more.</source>
        <translation>这个词已经不在列表里了。</translation>
    </message>
    <message>
        <source>This relay has no such gift any more.</source>
        <translation>这台服务器已经没有这种礼物了。</translation>
    </message>
    <message>
        <source>A newer Livehouse has used this house. Start that one, or restore an older backup.</source>
        <translation>这个直播站被更新版本的 Livehouse 用过。请启动那个版本，或恢复更早的备份。</translation>
    </message>
    <message>
        <source>This red packet is not there any more.</source>
        <translation>这个红包已经不在了。</translation>
    </message>
    <message>
        <source>This poll is over.</source>
        <translation>投票已经结束。</translation>
    </message>
    <message>
        <source>This lucky draw is over.</source>
        <translation>抽奖已经结束。</translation>
    </message>
    <message>
        <source>There is no such user on this relay.</source>
        <translation>这台服务器上没有这个用户。</translation>
    </message>
    <message>
        <source>This message is not there any more.</source>
        <translation>这条消息已经不在了。</translation>
    </message>
    <message>
        <source>This recording is not there any more.</source>
        <translation>这段录像已经不在了。</translation>
    </message>
    <message>
        <source>This model is not kept any more.</source>
        <translation>这个模型已经不在了。</translation>
    </message>
    <message>
        <source>You have corrected as much as can be kept. Take an old correction back first.</source>
        <translation>修正已经到上限，先撤回一条旧的。</translation>
    </message>
    <message>
        <source>This raid is over already.</source>
        <translation>这次骚扰已经过去了。</translation>
    </message>
    <message>
        <source>As many sanctions stand here as may. Lift an old one first.</source>
        <translation>这里的处罚已经到上限，先解除一条旧的。</translation>
    </message>
    <message>
        <source>This is not in the record any more.</source>
        <translation>记录里已经没有这一条了。</translation>
    </message>
    <message>
        <source>This sanction is not there any more.</source>
        <translation>这项处罚已经不在了。</translation>
    </message>
    <message>
        <source>The message you answer is not there any more.</source>
        <translation>你要回复的消息已经不在了。</translation>
    </message>
    <message>
        <source>This device is logged out already.</source>
        <translation>这台设备已经退出登录。</translation>
    </message>
    <message>
        <source>There is no such movement in the book.</source>
        <translation>账本里没有这笔记录。</translation>
    </message>
    <message>
        <source>The relay has nothing of that name any more.</source>
        <translation>服务器上已经没有这个名字的东西了。</translation>
    </message>
    <message>
        <source>This room has as many invitations as it may have. Withdraw an old one first.</source>
        <translation>这个房间的邀请数量已达上限，请先撤回一个旧的。</translation>
    </message>
    <message>
        <source>You have as many rooms as you may have.</source>
        <translation>你的房间数量已达上限。</translation>
    </message>
    <message>
        <source>This room has as many moderators as it may have.</source>
        <translation>这个房间的房管数量已达上限。</translation>
    </message>
    <message>
        <source>This room has as many publish keys as it may have. Withdraw an old one first.</source>
        <translation>这个房间的推流密钥已达上限，请先撤回一个旧的。</translation>
    </message>
    <message>
        <source>Enough red packets are open in this room. Wait for one to be gone.</source>
        <translation>房间里的红包已经够多了，等一个抢完再发。</translation>
    </message>
    <message>
        <source>You follow as many as one may follow.</source>
        <translation>你的关注数量已达上限。</translation>
    </message>
    <message>
        <source>You are in as many rooms as one may be at once.</source>
        <translation>你同时进入的房间已达上限。</translation>
    </message>
    <message>
        <source>This purse cannot hold more.</source>
        <translation>这个钱包装不下更多了。</translation>
    </message>
    <message>
        <source>The relay and this program do not understand each other. Are both up to date?</source>
        <translation>服务器与本程序不兼容。两边都是最新版本吗？</translation>
    </message>
    <message>
        <source>That was too much at once for the relay.</source>
        <translation>一次发得太多，服务器收不下。</translation>
    </message>
    <message>
        <source>The relay cannot do this now. Try again.</source>
        <translation>服务器暂时无法处理，请再试一次。</translation>
    </message>
    <message>
        <source>The relay does not take this: %1</source>
        <translation>服务器不接受：%1</translation>
    </message>
    <message>
        <source>The relay&apos;s permission to go on has run out. Try again.</source>
        <translation>服务器给的许可已经过期，请再试一次。</translation>
    </message>
    <message>
        <source>Your connection is too slow for this picture. Choose a lower quality.</source>
        <translation>网络太慢，跟不上这个画面。请选低一档的画质。</translation>
    </message>
    <message>
        <source>The broadcast has ended.</source>
        <translation>直播已经结束。</translation>
    </message>
    <message>
        <source>Something failed inside the relay.</source>
        <translation>服务器内部出了错。</translation>
    </message>
    <message>
        <source>This room is in slow mode.</source>
        <translation>本房间开启了慢速模式。</translation>
    </message>
    <message>
        <source>Only followers may write in this room. Follow its owner first.</source>
        <translation>本房间只有关注者可以发言，请先关注主播。</translation>
    </message>
    <message>
        <source>You may not write here for now.</source>
        <translation>你在这里暂时不能发言。</translation>
    </message>
    <message>
        <source>You were sent out.</source>
        <translation>你已被请出。</translation>
    </message>
    <message>
        <source>You are banned here.</source>
        <translation>你已被封禁。</translation>
    </message>
    <message>
        <source>Only emoji may be written in this room.</source>
        <translation>本房间只能发送表情。</translation>
    </message>
    <message>
        <source>This holds a word that is not wanted here.</source>
        <translation>这里不欢迎其中的某个词。</translation>
    </message>
    <message>
        <source>Links are not wanted here.</source>
        <translation>这里不能发链接。</translation>
    </message>
    <message>
        <source>Please write without all capitals.</source>
        <translation>请不要全部用大写。</translation>
    </message>
    <message>
        <source>The same has just been written several times. Say something else.</source>
        <translation>相同的内容刚刚发过几次了，换句话说吧。</translation>
    </message>
    <message>
        <source>Name and password do not fit.</source>
        <translation>用户名或密码不正确。</translation>
    </message>
    <message>
        <source>Log in first: see the page Me.</source>
        <translation>请先在“我的”页面登录。</translation>
    </message>
    <message>
        <source>You were logged out. Log in again.</source>
        <translation>你已退出登录，请重新登录。</translation>
    </message>
    <message>
        <source>You are not allowed to do this here.</source>
        <translation>你没有权限这样做。</translation>
    </message>
    <message>
        <source>There is no such room on this relay.</source>
        <translation>这台服务器上没有这个房间。</translation>
    </message>
    <message>
        <source>This name is taken. Choose another one.</source>
        <translation>这个名字已被使用，请换一个。</translation>
    </message>
    <message>
        <source>This password is too short or too common. Choose a longer one.</source>
        <translation>密码太短或太常见，请换一个更长的。</translation>
    </message>
    <message>
        <source>This relay keeps other things than this program can tell you of. Bring both up to date, then make the account.</source>
        <translation>这台服务器保存的内容与本程序所说的不一致。请把两边都更新到最新版本再注册。</translation>
    </message>
    <message>
        <source>That was too fast.</source>
        <translation>操作太快了。</translation>
    </message>
    <message>
        <source>The relay is busy.</source>
        <translation>服务器正忙。</translation>
    </message>
    <message>
        <source>This room asks for a passphrase.</source>
        <translation>这个房间需要口令。</translation>
    </message>
    <message>
        <source>This room opens with an invitation only.</source>
        <translation>这个房间只接受邀请。</translation>
    </message>
    <message>
        <source>Nothing is live in this room.</source>
        <translation>这个房间没有直播。</translation>
    </message>
    <message>
        <source>That is more than the limit that you set for one gift.</source>
        <translation>超过了你为单次送礼设定的上限。</translation>
    </message>
    <message>
        <source>With that you would spend more than the limit that you set for a day.</source>
        <translation>这样会超过你设定的每日上限。</translation>
    </message>
    <message>
        <source>With that you would spend more than the limit that you set for a month.</source>
        <translation>这样会超过你设定的每月上限。</translation>
    </message>
    <message>
        <source>Only people who were here before may write in this room now.</source>
        <translation>本房间现在只有来过的人可以发言。</translation>
    </message>
    <message>
        <source>A limit of this relay is reached.</source>
        <translation>已达到这台服务器的上限。</translation>
    </message>
    <message>
        <source>You have too few coins for this.</source>
        <translation>金币不够。</translation>
    </message>
    <message>
        <source>You have reached a limit that you set for yourself.</source>
        <translation>已达到你为自己设定的上限。</translation>
    </message>
    <message>
        <source>This was done already.</source>
        <translation>已经完成过了。</translation>
    </message>
    <message>
        <source>Too late: nothing is left.</source>
        <translation>来晚了，已经没有了。</translation>
    </message>
    <message>
        <source>You went live from another place.</source>
        <translation>你已在别处开播。</translation>
    </message>
    <message>
        <source>This room was closed.</source>
        <translation>这个房间已关闭。</translation>
    </message>
    <message>
        <source>The relay did not answer in time.</source>
        <translation>服务器没有及时应答。</translation>
    </message>
    <message>
        <source>The relay&apos;s disk is full or broken.</source>
        <translation>服务器的磁盘已满或损坏。</translation>
    </message>
    <message>
        <source>The relay is being stopped.</source>
        <translation>服务器正在停止。</translation>
    </message>
    <message>
        <source>A name has 2 to 32 characters: letters, digits, single spaces and _ - . · &apos;</source>
        <translation>用户名为 2 到 32 个字符：文字、数字、单个空格和 _ - . · &apos;</translation>
    </message>
    <message>
        <source>What you say about yourself is one line of ordinary characters.</source>
        <translation>自我介绍只能是一行普通文字。</translation>
    </message>
    <message>
        <source>A passphrase has at least 4 characters.</source>
        <translation>口令至少 4 个字符。</translation>
    </message>
    <message>
        <source>The old password is wrong.</source>
        <translation>原密码不对。</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export: {0}</source>
        <translation>导出：{0}</translation>
    </message>
    <message>
        <source>What to export</source>
        <translation>导出什么</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>取当前</translation>
    </message>
    <message>
        <source>From where the player is</source>
        <translation>从播放位置开始</translation>
    </message>
    <message>
        <source>To where the player is</source>
        <translation>到播放位置为止</translation>
    </message>
    <message>
        <source>All of it</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Last 30 s</source>
        <translation>最近 30 秒</translation>
    </message>
    <message>
        <source>The last 30 s before here</source>
        <translation>播放位置之前的 30 秒</translation>
    </message>
    <message>
        <source>Exact to the picture</source>
        <translation>精确到帧</translation>
    </message>
    <message>
        <source>Danmaku in the picture</source>
        <translation>把弹幕画进画面</translation>
    </message>
    <message>
        <source>How far the export is</source>
        <translation>导出进度</translation>
    </message>
    <message>
        <source>Video (MP4)</source>
        <translation>视频（MP4）</translation>
    </message>
    <message>
        <source>Danmaku for players (Bilibili XML)</source>
        <translation>弹幕（B 站 XML）</translation>
    </message>
    <message>
        <source>Danmaku as subtitles (ASS)</source>
        <translation>弹幕字幕（ASS）</translation>
    </message>
    <message>
        <source>Chat and gifts as a table (CSV)</source>
        <translation>聊天与礼物表格（CSV）</translation>
    </message>
    <message>
        <source>Chat and gifts for programs (JSON)</source>
        <translation>聊天与礼物数据（JSON）</translation>
    </message>
    <message>
        <source>Times are written as 1:02:03, and the end is after the beginning.</source>
        <translation>时间写作 1:02:03，终点要在起点之后。</translation>
    </message>
    <message>
        <source>The pictures are encoded again: about as long as the clip takes.</source>
        <translation>画面会重新编码，所需时间与片段长度相近。</translation>
    </message>
    <message>
        <source>Copied as it is, in a moment. It may begin up to two seconds sooner, at the nearest whole picture.</source>
        <translation>原样复制，很快完成。起点可能提前最多两秒，落在最近的关键帧上。</translation>
    </message>
    <message>
        <source>Names are left out: each author is a number that says nothing else.</source>
        <translation>不含名字：每位作者只是一串无法还原的编号。</translation>
    </message>
    <message>
        <source>As the stage shows them, for any player that shows subtitles.</source>
        <translation>与舞台上的位置一致，能显示字幕的播放器都能用。</translation>
    </message>
    <message>
        <source>With names, for a spreadsheet.</source>
        <translation>含名字，可用电子表格打开。</translation>
    </message>
    <message>
        <source>With names, as the relay has them.</source>
        <translation>含名字，与服务器保存的一致。</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>导出到</translation>
    </message>
    <message>
        <source>Saved: {0}</source>
        <translation>已保存：{0}</translation>
    </message>
    <message>
        <source>Saved: {0} (lines: {1})</source>
        <translation>已保存：{0}（{1} 行）</translation>
    </message>
    <message>
        <source>too much for one file: what came last is not in it</source>
        <translation>内容超出单个文件的上限，最后的部分未包含在内</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
</context>
<context>
    <name>ExportWords</name>
    <message>
        <source>Cancelled: nothing was saved.</source>
        <translation>已取消，没有保存任何文件。</translation>
    </message>
    <message>
        <source>That could not be saved. Try again, or save it in another folder.</source>
        <translation>没能保存。请重试，或换一个文件夹。</translation>
    </message>
    <message>
        <source>The disk is full: nothing was saved. Make room, or choose another disk.</source>
        <translation>磁盘已满，没有保存。请腾出空间，或换一个磁盘。</translation>
    </message>
    <message>
        <source>You may not write there. Save it in a folder of your own.</source>
        <translation>你没有权限写入那里，请保存到自己的文件夹。</translation>
    </message>
    <message>
        <source>That folder is gone. Choose another.</source>
        <translation>那个文件夹不在了，请换一个。</translation>
    </message>
    <message>
        <source>That place takes no file. Save it in another folder.</source>
        <translation>那里写不进文件，请换一个文件夹。</translation>
    </message>
    <message>
        <source>The recording cannot be read any more: it may have become private or been deleted, or the relay is not reached. Open it again and try once more.</source>
        <translation>录像读不到了：它可能已设为私密或被删除，也可能是连不上服务器。请重新打开后再试。</translation>
    </message>
    <message>
        <source>Nothing of the recording lies between these times. Choose others.</source>
        <translation>这段时间里没有录像内容，请换一段。</translation>
    </message>
    <message>
        <source>This recording cannot be cut as it is. Choose “Exact to the picture”.</source>
        <translation>这段录像无法直接剪切，请勾选“精确到帧”。</translation>
    </message>
    <message>
        <source>This recording has sound alone. Save it without danmaku, copied.</source>
        <translation>这段录像只有声音，请不带弹幕直接复制保存。</translation>
    </message>
    <message>
        <source>That is too long to be encoded again. Choose a shorter piece.</source>
        <translation>这段太长，无法重新编码，请选短一些。</translation>
    </message>
    <message>
        <source>Encoding it again failed on this computer. Save it copied instead.</source>
        <translation>这台电脑重新编码失败，请改为直接复制保存。</translation>
    </message>
</context>
<context>
    <name>Feedback</name>
    <message>
        <source>Problem</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>Idea</source>
        <translation>建议</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>疑问</translation>
    </message>
    <message>
        <source>Appeal</source>
        <translation>申诉</translation>
    </message>
    <message>
        <source>Something else</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Read</source>
        <translation>已读</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>已回复</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>Waits</source>
        <translation>待处理</translation>
    </message>
    <message>
        <source>No breach found</source>
        <translation>未发现违规</translation>
    </message>
    <message>
        <source>Something was done</source>
        <translation>已处理</translation>
    </message>
    <message>
        <source>Granted</source>
        <translation>申诉成功</translation>
    </message>
    <message>
        <source>You may not write in this house.</source>
        <translation>你在本站被禁言。</translation>
    </message>
    <message>
        <source>You were sent out of this house.</source>
        <translation>你被请出了本站。</translation>
    </message>
    <message>
        <source>You are banned from this house.</source>
        <translation>你被本站封禁。</translation>
    </message>
    <message>
        <source>You may not write in a room.</source>
        <translation>你在一个房间被禁言。</translation>
    </message>
    <message>
        <source>You were sent out of a room.</source>
        <translation>你被请出了一个房间。</translation>
    </message>
    <message>
        <source>You are banned from a room.</source>
        <translation>你被一个房间封禁。</translation>
    </message>
    <message>
        <source>Reason: {reason}</source>
        <translation>原因：{reason}</translation>
    </message>
    <message>
        <source>Report of a message of {name}</source>
        <translation>举报 {name} 的消息</translation>
    </message>
    <message>
        <source>Report of {name}</source>
        <translation>举报 {name}</translation>
    </message>
    <message>
        <source>Report of the room {name}</source>
        <translation>举报房间 {name}</translation>
    </message>
</context>
<context>
    <name>FeedbackCard</name>
    <message>
        <source>Feedback and reports</source>
        <translation>反馈与举报</translation>
    </message>
    <message>
        <source>Something does not work, or could be better? Those who run this house read it and answer here. What you reported in rooms stands here too.</source>
        <translation>有什么不好用，或可以更好？本站管理员会阅读并在这里回复。你在房间里的举报也列在这里。</translation>
    </message>
    <message>
        <source>Write to the admins</source>
        <translation>写给管理员</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <source>Appeal</source>
        <translation>申诉</translation>
    </message>
    <message>
        <source>Your appeal waits for an answer.</source>
        <translation>申诉正在等待答复。</translation>
    </message>
</context>
<context>
    <name>FeedbackDialog</name>
    <message>
        <source>Appeal</source>
        <translation>申诉</translation>
    </message>
    <message>
        <source>Write to the admins</source>
        <translation>写给管理员</translation>
    </message>
    <message>
        <source>To those who run this house. You see everything that is sent.</source>
        <translation>写给本站的管理员。发送的全部内容都在这里。</translation>
    </message>
    <message>
        <source>Why should it be lifted?</source>
        <translation>为什么应当解除？</translation>
    </message>
    <message>
        <source>What happened, and what did you expect?</source>
        <translation>发生了什么？你希望怎样？</translation>
    </message>
    <message>
        <source>Your words</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Picture of the window</source>
        <translation>窗口截图</translation>
    </message>
    <message>
        <source>Look at the picture that would be sent</source>
        <translation>查看要发送的截图</translation>
    </message>
    <message>
        <source>About this program and computer</source>
        <translation>程序与电脑信息</translation>
    </message>
    <message>
        <source>What would be sent of this computer</source>
        <translation>将发送的电脑信息</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>正在收集…</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>FeedbackPanel</name>
    <message>
        <source>Feedback</source>
        <translation>反馈</translation>
    </message>
    <message>
        <source>%1 of %2 shown</source>
        <translation>显示 %1 / %2 条</translation>
    </message>
    <message>
        <source>Nothing was written yet.</source>
        <translation>还没有反馈。</translation>
    </message>
    <message>
        <source>Nothing is chosen</source>
        <translation>还没选反馈</translation>
    </message>
    <message>
        <source>Choose a line to read all of it and to answer.</source>
        <translation>选一条查看全文并回复。</translation>
    </message>
    <message>
        <source>Answer: %1</source>
        <translation>回复：%1</translation>
    </message>
    <message>
        <source>Sent with it:</source>
        <translation>附带信息：</translation>
    </message>
    <message>
        <source>Which feedback</source>
        <translation>反馈类型</translation>
    </message>
    <message>
        <source>All feedback</source>
        <translation>全部反馈</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Your answer</source>
        <translation>你的回复</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回复</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Grant the appeal</source>
        <translation>同意申诉</translation>
    </message>
    <message>
        <source>The answer is on its way.</source>
        <translation>回复已发出。</translation>
    </message>
    <message>
        <source>New</source>
        <translation>未读</translation>
    </message>
</context>
<context>
    <name>FiguresStrip</name>
    <message>
        <source>lowered for the uplink, times a minute: {0}</source>
        <translation>因上行网络调低，一分钟内次数：{0}</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>码率</translation>
    </message>
    <message>
        <source>Pictures/s</source>
        <translation>帧率</translation>
    </message>
    <message>
        <source>Round trip</source>
        <translation>往返</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>丢帧</translation>
    </message>
</context>
<context>
    <name>FirstStartPage</name>
    <message>
        <source>Welcome to Livehouse</source>
        <translation>欢迎来到 Livehouse</translation>
    </message>
    <message>
        <source>A live venue of your own: what happens in your house stays on this computer, and you alone keep it.</source>
        <translation>属于你自己的直播站：里面发生的一切都留在这台电脑上，只由你自己保管。</translation>
    </message>
    <message>
        <source>Go live on this computer</source>
        <translation>在本机开播</translation>
    </message>
    <message>
        <source>Opens your own house here and shows you in the preview. You go live later.</source>
        <translation>先打开你的直播站看预览，准备好了再开始直播。</translation>
    </message>
    <message>
        <source>Join with a link</source>
        <translation>用链接加入</translation>
    </message>
    <message>
        <source>Somebody gave you an invite link. You can watch without an account.</source>
        <translation>有人给了你邀请链接。不注册账号也能观看。</translation>
    </message>
    <message>
        <source>Your name when you go live</source>
        <translation>开播时用的名字</translation>
    </message>
    <message>
        <source>host</source>
        <translation>主播</translation>
    </message>
    <message>
        <source>Invite link</source>
        <translation>邀请链接</translation>
    </message>
    <message>
        <source>Join</source>
        <translation>加入</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Please wait</source>
        <translation>请稍候</translation>
    </message>
    <message>
        <source>Going back to where you were…</source>
        <translation>正在回到上次的地方…</translation>
    </message>
    <message>
        <source>Your house closed and did not open again by itself. Nothing in it is lost: open it once more with the first choice. (%1)</source>
        <translation>直播站关闭后没能自动重新打开。里面的内容都还在，请用第一个选项再打开一次。（%1）</translation>
    </message>
    <message>
        <source>A name has 2 to 32 letters or digits; spaces and - _ . may be in it.</source>
        <translation>名字为 2 到 32 个文字或数字，可以含空格和 - _ .</translation>
    </message>
    <message>
        <source>Opening your house. The first time takes a few seconds…</source>
        <translation>正在打开你的直播站，第一次需要几秒钟…</translation>
    </message>
    <message>
        <source>This is not an invite link. It starts with livehouse:// and is best copied whole.</source>
        <translation>这不是邀请链接。邀请链接以 livehouse:// 开头，请完整复制。</translation>
    </message>
    <message>
        <source>Knocking at %1…</source>
        <translation>正在连接 %1…</translation>
    </message>
</context>
<context>
    <name>FormDialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>GiftBar</name>
    <message>
        <source>Gift</source>
        <translation>礼物</translation>
    </message>
    <message>
        <source>Give something</source>
        <translation>送礼物</translation>
    </message>
    <message>
        <source>Top givers</source>
        <translation>贡献榜</translation>
    </message>
</context>
<context>
    <name>GiftGrid</name>
    <message>
        <source>How many</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Give</source>
        <translation>送出</translation>
    </message>
    <message>
        <source>{0} at once</source>
        <translation>一次 {0} 个</translation>
    </message>
    <message>
        <source>{gift}: shown at the left of the picture</source>
        <translation>{gift}：在画面左侧显示</translation>
    </message>
    <message>
        <source>{gift}: pressing again counts up</source>
        <translation>{gift}：连续送出可以连击</translation>
    </message>
    <message>
        <source>{gift}: fills the whole picture</source>
        <translation>{gift}：全屏特效</translation>
    </message>
</context>
<context>
    <name>GiftNames</name>
    <message>
        <source>en</source>
        <translation>zh_CN</translation>
    </message>
</context>
<context>
    <name>GiftPopup</name>
    <message>
        <source>Take {coins}</source>
        <translation>领取 {coins}</translation>
    </message>
    <message>
        <source>Gifts</source>
        <translation>礼物</translation>
    </message>
    <message>
        <source>Gift or red packet</source>
        <translation>礼物或红包</translation>
    </message>
    <message>
        <source>Red packet</source>
        <translation>红包</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Open the wallet</source>
        <translation>打开钱包</translation>
    </message>
    <message>
        <source>Show gifts over the picture</source>
        <translation>在画面上显示礼物特效</translation>
    </message>
</context>
<context>
    <name>Gifts</name>
    <message>
        <source>Sign in under Me to give.</source>
        <translation>在“我的”里登录后才能送礼。</translation>
    </message>
    <message>
        <source>This is your own room: gifts come from others.</source>
        <translation>这是你自己的房间，礼物由别人来送。</translation>
    </message>
    <message>
        <source>Nobody is live here now. Gifts can be given while live.</source>
        <translation>现在没有直播，开播后才能送礼。</translation>
    </message>
    <message>
        <source>You have too few coins for this.</source>
        <translation>金币不够。</translation>
    </message>
    <message>
        <source>This would go beyond a limit that you set in your wallet.</source>
        <translation>这会超过你在钱包里设定的上限。</translation>
    </message>
    <message>
        <source>One moment: the last gifts are still on their way.</source>
        <translation>稍等，前面的礼物还在路上。</translation>
    </message>
    <message>
        <source>The relay did not answer, so nobody knows yet whether this was given. Trying again never pays twice.</source>
        <translation>服务器没有回应，还不知道是否已送出。再试一次不会重复扣款。</translation>
    </message>
    <message>
        <source>{name} gave {gift}</source>
        <translation>{name} 送出 {gift}</translation>
    </message>
    <message>
        <source>{name} sent a red packet of {coins}</source>
        <translation>{name} 发了个红包，共 {coins}</translation>
    </message>
    <message>
        <source>You got {coins} from {name}&apos;s red packet!</source>
        <translation>你从 {name} 的红包里抢到 {coins}！</translation>
    </message>
    <message>
        <source>You have spent half of your limit for a day.</source>
        <translation>你今天的花费已达每日上限的一半。</translation>
    </message>
    <message>
        <source>You have spent half of your limit for a month.</source>
        <translation>你本月的花费已达每月上限的一半。</translation>
    </message>
</context>
<context>
    <name>GiftsPanel</name>
    <message>
        <source>Gifts</source>
        <translation>礼物</translation>
    </message>
    <message>
        <source>Offer %1</source>
        <translation>上架%1</translation>
    </message>
    <message>
        <source>Price of %1</source>
        <translation>%1的价格</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>还原</translation>
    </message>
    <message>
        <source>Reset the price of %1</source>
        <translation>还原%1的价格</translation>
    </message>
    <message>
        <source>In the catalogue: %1</source>
        <translation>目录价：%1</translation>
    </message>
    <message>
        <source>A change holds from the next gift on. What was given before stays as it was paid.</source>
        <translation>改动从下一份礼物起生效，已经送出的不受影响。</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
</context>
<context>
    <name>GiversPopup</name>
    <message>
        <source>Nobody has given anything yet.</source>
        <translation>还没有人送过礼物。</translation>
    </message>
    <message>
        <source>Top givers</source>
        <translation>贡献榜</translation>
    </message>
    <message>
        <source>Since when</source>
        <translation>统计时段</translation>
    </message>
    <message>
        <source>Broadcast</source>
        <translation>本场</translation>
    </message>
    <message>
        <source>Week</source>
        <translation>本周</translation>
    </message>
    <message>
        <source>All time</source>
        <translation>总榜</translation>
    </message>
</context>
<context>
    <name>Happenings</name>
    <message>
        <source>{name} gave {gift}</source>
        <translation>{name} 送出 {gift}</translation>
    </message>
    <message>
        <source>{name} sent a red packet</source>
        <translation>{name} 发了红包</translation>
    </message>
    <message>
        <source>A poll began: {0}</source>
        <translation>投票开始：{0}</translation>
    </message>
    <message>
        <source>A draw began: {0}</source>
        <translation>抽奖开始：{0}</translation>
    </message>
    <message>
        <source>The draw is over. Won: {0}</source>
        <translation>抽奖结束。中奖：{0}</translation>
    </message>
    <message>
        <source>Announcement: {0}</source>
        <translation>公告：{0}</translation>
    </message>
    <message>
        <source>Pinned: {0}</source>
        <translation>置顶：{0}</translation>
    </message>
    <message>
        <source>The poll is over.</source>
        <translation>投票结束。</translation>
    </message>
    <message>
        <source>The poll is over. First: {0}</source>
        <translation>投票结束。第一：{0}</translation>
    </message>
</context>
<context>
    <name>HeldPopup</name>
    <message>
        <source>Held messages</source>
        <translation>待审消息</translation>
    </message>
    <message>
        <source>Show to all</source>
        <translation>放行</translation>
    </message>
    <message>
        <source>Drop</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Nothing waits. Chat rules can hold each message until you let it through.</source>
        <translation>没有待审消息。在聊天规则里可以设置每条消息先审后发。</translation>
    </message>
    <message>
        <source>Enter shows it to all, Delete drops it.</source>
        <translation>按回车放行，按 Delete 丢弃。</translation>
    </message>
</context>
<context>
    <name>HouseCard</name>
    <message>
        <source>Your own house, on this computer</source>
        <translation>你自己的直播站，就在本机</translation>
    </message>
    <message>
        <source>No relay is chosen.</source>
        <translation>还没有加入任何直播站。</translation>
    </message>
    <message>
        <source>House</source>
        <translation>直播站</translation>
    </message>
    <message>
        <source>Others in your network join with this link, or by the code:</source>
        <translation>同一网络里的人可用此链接或二维码加入：</translation>
    </message>
    <message>
        <source>Invite link</source>
        <translation>邀请链接</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Reconnect now</source>
        <translation>立即重连</translation>
    </message>
    <message>
        <source>Leave this house</source>
        <translation>离开直播站</translation>
    </message>
    <message>
        <source>Invite link as a QR code</source>
        <translation>邀请链接二维码</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>The link was lost. It is tried again by itself.</source>
        <translation>连接中断，正在自动重试。</translation>
    </message>
    <message>
        <source>The link has ended.</source>
        <translation>连接已结束。</translation>
    </message>
    <message>
        <source>The relay stopped. It is opened again by itself.</source>
        <translation>服务器已停止，正在自动重新打开。</translation>
    </message>
    <message>
        <source>This link opens your house on this computer only:</source>
        <translation>这个链接目前只能在本机打开：</translation>
    </message>
    <message>
        <source>This computer is in no network that was found. Connect it to one and open your house again, so that others can come.</source>
        <translation>没有找到局域网。请先连上网络，再重新打开你的直播站，别人才能进来。</translation>
    </message>
    <message>
        <source>The address of this computer in your network: %1</source>
        <translation>本机在局域网中的地址：%1</translation>
    </message>
</context>
<context>
    <name>HouseFigures</name>
    <message>
        <source>Viewers</source>
        <translation>观众</translation>
    </message>
    <message>
        <source>Rooms live</source>
        <translation>直播中的房间</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接数</translation>
    </message>
    <message>
        <source>Sent to viewers</source>
        <translation>发给观众</translation>
    </message>
    <message>
        <source>From streamers</source>
        <translation>来自主播</translation>
    </message>
    <message>
        <source>Messages a minute</source>
        <translation>每分钟消息</translation>
    </message>
    <message>
        <source>Coins given a minute</source>
        <translation>每分钟送出金币</translation>
    </message>
    <message>
        <source>Processor, of one core</source>
        <translation>处理器（单核）</translation>
    </message>
    <message>
        <source>Loop delay</source>
        <translation>循环延迟</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Refused a minute</source>
        <translation>每分钟拒绝</translation>
    </message>
    <message>
        <source>Sanctions</source>
        <translation>处罚</translation>
    </message>
    <message>
        <source>up %1 d %2 h</source>
        <translation>已运行 %1 天 %2 小时</translation>
    </message>
    <message>
        <source>up %1 h %2 min</source>
        <translation>已运行 %1 小时 %2 分钟</translation>
    </message>
    <message>
        <source>users: %1</source>
        <translation>用户：%1</translation>
    </message>
    <message>
        <source>rooms: %1</source>
        <translation>房间：%1</translation>
    </message>
</context>
<context>
    <name>InboxDesk</name>
    <message>
        <source>Your appeal waits for an answer.</source>
        <translation>申诉正在等待答复。</translation>
    </message>
    <message>
        <source>You were answered: {words}</source>
        <translation>上次的答复：{words}</translation>
    </message>
    <message>
        <source>Sent. You are told here when there is an answer.</source>
        <translation>已发送，有回复时会在这里提示。</translation>
    </message>
    <message>
        <source>Reported. You are told here what becomes of it.</source>
        <translation>已举报，处理结果会在这里提示。</translation>
    </message>
    <message>
        <source>This was judged already. See the page Me.</source>
        <translation>这条已经处理过了，见“我的”页面。</translation>
    </message>
    <message>
        <source>You have reported this before; it is not forgotten.</source>
        <translation>你已举报过，正在等待处理。</translation>
    </message>
    <message>
        <source>Your feedback was answered: see the page Me.</source>
        <translation>你的反馈有了回复，见“我的”页面。</translation>
    </message>
    <message>
        <source>Your feedback was closed: see the page Me.</source>
        <translation>你的反馈已关闭，见“我的”页面。</translation>
    </message>
    <message>
        <source>Something that you reported was judged: see the page Me.</source>
        <translation>你的举报有了结果，见“我的”页面。</translation>
    </message>
</context>
<context>
    <name>InterestStrip</name>
    <message>
        <source>What do you like?</source>
        <translation>你喜欢什么？</translation>
    </message>
    <message>
        <source>Choose up to {0}, and Discover begins with it. Only this house knows; you can change it under Me.</source>
        <translation>最多选 {0} 个，“发现”会先推荐这些内容。只有本站知道，随时可在“我的”里更改。</translation>
    </message>
    <message>
        <source>Show me these</source>
        <translation>就看这些</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>暂时不选</translation>
    </message>
</context>
<context>
    <name>Interests</name>
    <message>
        <source>Music</source>
        <translation>音乐</translation>
    </message>
    <message>
        <source>Games</source>
        <translation>游戏</translation>
    </message>
    <message>
        <source>Talk</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>Drawing</source>
        <translation>绘画</translation>
    </message>
    <message>
        <source>Making things</source>
        <translation>手工</translation>
    </message>
    <message>
        <source>Outdoors</source>
        <translation>户外</translation>
    </message>
    <message>
        <source>Food</source>
        <translation>美食</translation>
    </message>
    <message>
        <source>Learning</source>
        <translation>学习</translation>
    </message>
    <message>
        <source>Technology</source>
        <translation>科技</translation>
    </message>
    <message>
        <source>Sports</source>
        <translation>运动</translation>
    </message>
</context>
<context>
    <name>KeepBar</name>
    <message>
        <source>Held messages: {0}</source>
        <translation>待审消息：{0}</translation>
    </message>
    <message>
        <source>Chat rules</source>
        <translation>聊天规则</translation>
    </message>
    <message>
        <source>What was done here</source>
        <translation>管理记录</translation>
    </message>
    <message>
        <source>Who did what to keep the room in order; undo</source>
        <translation>谁做了哪些管理操作，可以撤销</translation>
    </message>
    <message>
        <source>Emotes of this room</source>
        <translation>本房间的表情</translation>
    </message>
</context>
<context>
    <name>KeepClearEditor</name>
    <message>
        <source>Box without danmaku</source>
        <translation>无弹幕区域</translation>
    </message>
    <message>
        <source>Drag a box. Arrow keys move it, Enter takes it, Esc leaves.</source>
        <translation>拖出一个框。方向键移动，回车确定，Esc 取消。</translation>
    </message>
</context>
<context>
    <name>KeepMenu</name>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Who may watch</source>
        <translation>谁可以看</translation>
    </message>
    <message>
        <source>Keep it when the disk fills</source>
        <translation>磁盘将满时仍保留</translation>
    </message>
    <message>
        <source>Copy its code</source>
        <translation>复制编号</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Name of the recording</source>
        <translation>录像名称</translation>
    </message>
    <message>
        <source>Delete “{0}” with its picture, sound and everything that was said? It takes {1} and cannot be brought back.</source>
        <translation>要删除“{0}”吗？画面、声音和所有弹幕都会删除。它占用 {1}，删除后无法恢复。</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>only you and the house&apos;s admins</source>
        <translation>仅自己和管理员</translation>
    </message>
    <message>
        <source>whoever has its code</source>
        <translation>有编号的人</translation>
    </message>
    <message>
        <source>Copied. Whoever searches Replays for it finds this.</source>
        <translation>已复制。在回放里搜索这个编号就能找到。</translation>
    </message>
    <message>
        <source>everybody, in the list</source>
        <translation>所有人，列表可见</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>Now: everybody may write, and all is shown at once.</source>
        <translation>当前：所有人都可以发言，立即显示。</translation>
    </message>
    <message>
        <source>Now: {0}</source>
        <translation>当前：{0}</translation>
    </message>
    <message>
        <source>nobody may write</source>
        <translation>全员禁言</translation>
    </message>
    <message>
        <source>only people known here</source>
        <translation>仅老观众</translation>
    </message>
    <message>
        <source>only followers</source>
        <translation>仅关注者</translation>
    </message>
    <message>
        <source>only emoji</source>
        <translation>仅表情</translation>
    </message>
    <message>
        <source>held for review</source>
        <translation>先审后发</translation>
    </message>
    <message>
        <source>one message in {0} s</source>
        <translation>每 {0} 秒一条</translation>
    </message>
    <message>
        <source>shown {0} s later</source>
        <translation>延迟 {0} 秒显示</translation>
    </message>
    <message>
        <source>The room holds every message</source>
        <translation>本房间每条消息先审后发</translation>
    </message>
    <message>
        <source>A word on the list: {0}</source>
        <translation>命中词表：{0}</translation>
    </message>
    <message>
        <source>A link: {0}</source>
        <translation>含链接：{0}</translation>
    </message>
    <message>
        <source>Nothing but capitals</source>
        <translation>全是大写字母</translation>
    </message>
    <message>
        <source>The same again and again</source>
        <translation>同一个人反复发送</translation>
    </message>
    <message>
        <source>The same from many people</source>
        <translation>多人发送相同内容</translation>
    </message>
    <message>
        <source>How the writer behaves: {0}</source>
        <translation>发言者的行为：{0}</translation>
    </message>
    <message>
        <source>Undone.</source>
        <translation>已撤销。</translation>
    </message>
    <message>
        <source>“What was done here” can undo it.</source>
        <translation>可在“管理记录”里撤销。</translation>
    </message>
    <message>
        <source>Deleted for all.</source>
        <translation>已为所有人删除。</translation>
    </message>
    <message>
        <source>Muted: {0}.</source>
        <translation>已禁言：{0}。</translation>
    </message>
    <message>
        <source>Removed from the room.</source>
        <translation>已请出房间。</translation>
    </message>
    <message>
        <source>Banned: {0}.</source>
        <translation>已封禁：{0}。</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 分钟</translation>
    </message>
    <message>
        <source>10 minutes</source>
        <translation>10 分钟</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 天</translation>
    </message>
    <message>
        <source>1 week</source>
        <translation>1 周</translation>
    </message>
    <message>
        <source>For ever</source>
        <translation>永久</translation>
    </message>
    <message>
        <source>{0} d</source>
        <translation>{0} 天</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} 小时</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>禁言</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>请出</translation>
    </message>
    <message>
        <source>Ban</source>
        <translation>封禁</translation>
    </message>
    <message>
        <source>Mute {0}: they may read on, but not write</source>
        <translation>禁言 {0}：可以观看，不能发言</translation>
    </message>
    <message>
        <source>Remove {0} from the room: they may come back in a minute</source>
        <translation>把 {0} 请出房间：一分钟后可以再进来</translation>
    </message>
    <message>
        <source>Ban {0}: they may not enter this room</source>
        <translation>封禁 {0}：不能再进入本房间</translation>
    </message>
    <message>
        <source>A moderator: only the owner and admins can act</source>
        <translation>对方是房管：只有主播和管理员能处理</translation>
    </message>
    <message>
        <source>The owner: only admins can act</source>
        <translation>对方是主播：只有管理员能处理</translation>
    </message>
    <message>
        <source>An admin: nobody here can act</source>
        <translation>对方是管理员：这里没有人能处理</translation>
    </message>
    <message>
        <source>“{0}”</source>
        <translation>房间“{0}”</translation>
    </message>
    <message>
        <source>this whole relay</source>
        <translation>整个服务器</translation>
    </message>
    <message>
        <source>this room</source>
        <translation>本房间</translation>
    </message>
    <message>
        <source>You are muted in {0} for ever.</source>
        <translation>你在{0}被永久禁言。</translation>
    </message>
    <message>
        <source>You were removed from {0}.</source>
        <translation>你已被请出{0}。</translation>
    </message>
    <message>
        <source>You are banned from {0} for ever.</source>
        <translation>你已被{0}永久封禁。</translation>
    </message>
    <message>
        <source>You are muted in {0} for another {1}.</source>
        <translation>你在{0}被禁言，还剩 {1}。</translation>
    </message>
    <message>
        <source>You were removed from {0}. Come back in {1}.</source>
        <translation>你已被请出{0}，{1}后可以再进来。</translation>
    </message>
    <message>
        <source>You are banned from {0} for another {1}.</source>
        <translation>你已被{0}封禁，还剩 {1}。</translation>
    </message>
    <message>
        <source>Reason from {0}: {1}</source>
        <translation>{0} 给出的理由：{1}</translation>
    </message>
    <message>
        <source>Reason: {0}</source>
        <translation>理由：{0}</translation>
    </message>
    <message>
        <source>Imposed by {0}.</source>
        <translation>操作人：{0}。</translation>
    </message>
    <message>
        <source>A raid was stopped: {0} new people wrote at once.</source>
        <translation>已拦下一次刷屏围攻：{0} 个新人同时发言。</translation>
    </message>
    <message>
        <source>{0} messages removed, {1} people muted here.</source>
        <translation>已删除 {0} 条消息，在本房间禁言 {1} 人。</translation>
    </message>
    <message>
        <source>Why: {0}.</source>
        <translation>原因：{0}。</translation>
    </message>
    <message>
        <source>Until {0}, only people known here before may write.</source>
        <translation>{0} 之前，只有此前来过的人可以发言。</translation>
    </message>
    <message>
        <source>{0} with young accounts</source>
        <translation>{0} 个新注册账号</translation>
    </message>
    <message>
        <source>{0} new here</source>
        <translation>{0} 人初次来此</translation>
    </message>
    <message>
        <source>{0} with many messages</source>
        <translation>{0} 人连续发言</translation>
    </message>
    <message>
        <source>{0} with one text</source>
        <translation>{0} 人内容相同</translation>
    </message>
    <message>
        <source>{0} on one device</source>
        <translation>{0} 人同一设备</translation>
    </message>
    <message>
        <source>{0} behind one address</source>
        <translation>{0} 人同一地址</translation>
    </message>
    <message>
        <source>{0} with refused messages</source>
        <translation>{0} 人有消息被拒</translation>
    </message>
    <message>
        <source>The relay</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>{0} muted {1}</source>
        <translation>{0} 禁言了 {1}</translation>
    </message>
    <message>
        <source>{0} removed {1}</source>
        <translation>{0} 请出了 {1}</translation>
    </message>
    <message>
        <source>{0} banned {1}</source>
        <translation>{0} 封禁了 {1}</translation>
    </message>
    <message>
        <source>{0} lifted a sanction of {1}</source>
        <translation>{0} 解除了对 {1} 的处罚</translation>
    </message>
    <message>
        <source>{0} deleted what {1} wrote</source>
        <translation>{0} 删除了 {1} 的消息</translation>
    </message>
    <message>
        <source>{0} changed the chat rules</source>
        <translation>{0} 修改了聊天规则</translation>
    </message>
    <message>
        <source>{0} changed the pinned message</source>
        <translation>{0} 修改了置顶消息</translation>
    </message>
    <message>
        <source>{0} changed the announcement</source>
        <translation>{0} 修改了公告</translation>
    </message>
    <message>
        <source>{0} made {1} a moderator</source>
        <translation>{0} 把 {1} 设为房管</translation>
    </message>
    <message>
        <source>{0} closed the room</source>
        <translation>{0} 关闭了房间</translation>
    </message>
    <message>
        <source>{0} opened the room again</source>
        <translation>{0} 重新开放了房间</translation>
    </message>
    <message>
        <source>{0} stopped a raid</source>
        <translation>{0} 拦下了一次围攻</translation>
    </message>
    <message>
        <source>{0} found that {1} may be somebody banned</source>
        <translation>{0} 发现 {1} 可能是被封禁的人</translation>
    </message>
    <message>
        <source>{0} put words on the list</source>
        <translation>{0} 添加了屏蔽词</translation>
    </message>
    <message>
        <source>{0} took a word off the list</source>
        <translation>{0} 删除了一个屏蔽词</translation>
    </message>
    <message>
        <source>{0} changed the rules for texts</source>
        <translation>{0} 修改了文字规则</translation>
    </message>
    <message>
        <source>{0} added an emote</source>
        <translation>{0} 添加了表情</translation>
    </message>
    <message>
        <source>{0} removed an emote</source>
        <translation>{0} 移除了表情</translation>
    </message>
    <message>
        <source>{0} took the room&apos;s cover away</source>
        <translation>{0} 移除了房间封面</translation>
    </message>
    <message>
        <source>{0} changed the room</source>
        <translation>{0} 修改了房间信息</translation>
    </message>
    <message>
        <source>{0} made the room</source>
        <translation>{0} 新建了房间</translation>
    </message>
    <message>
        <source>{0} changed whether the room is featured</source>
        <translation>{0} 更改了房间的推荐状态</translation>
    </message>
    <message>
        <source>{0} planned a broadcast</source>
        <translation>{0} 预告了直播</translation>
    </message>
    <message>
        <source>{0} took the moderator&apos;s role from {1}</source>
        <translation>{0} 取消了 {1} 的房管身份</translation>
    </message>
    <message>
        <source>no rule</source>
        <translation>没有规则</translation>
    </message>
    <message>
        <source>undone by {0}</source>
        <translation>已由 {0} 撤销</translation>
    </message>
</context>
<context>
    <name>KeepingTimes</name>
    <message>
        <source>All of it stays until you erase it.</source>
        <translation>全部内容保留到你删除为止。</translation>
    </message>
    <message>
        <source>messages for %1 days</source>
        <translation>消息 %1 天</translation>
    </message>
    <message>
        <source>minutes watched for %1 days</source>
        <translation>观看时长 %1 天</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>It keeps %1, and the rest until you erase it.</source>
        <translation>其中保留：%1；其余保留到你删除为止。</translation>
    </message>
</context>
<context>
    <name>LastSeen</name>
    <message>
        <source>Last seen just now</source>
        <translation>刚刚在线</translation>
    </message>
    <message>
        <source>Last seen a minute ago</source>
        <translation>1 分钟前在线</translation>
    </message>
    <message>
        <source>Last seen an hour ago</source>
        <translation>1 小时前在线</translation>
    </message>
    <message>
        <source>Last seen yesterday</source>
        <translation>1 天前在线</translation>
    </message>
    <message>
        <source>Last seen %1 minutes ago</source>
        <translation>%1 分钟前在线</translation>
    </message>
    <message>
        <source>Last seen %1 hours ago</source>
        <translation>%1 小时前在线</translation>
    </message>
    <message>
        <source>Last seen %1 days ago</source>
        <translation>%1 天前在线</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>刚刚</translation>
    </message>
    <message>
        <source>%1 min ago</source>
        <translation>%1 分钟前</translation>
    </message>
    <message>
        <source>%1 h ago</source>
        <translation>%1 小时前</translation>
    </message>
    <message>
        <source>%1 d ago</source>
        <translation>%1 天前</translation>
    </message>
</context>
<context>
    <name>LeadHead</name>
    <message>
        <source>Following</source>
        <translation>已关注</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>关注</translation>
    </message>
</context>
<context>
    <name>LikeButton</name>
    <message>
        <source>Send a heart</source>
        <translation>送上爱心</translation>
    </message>
    <message>
        <source>Hearts so far: {0}</source>
        <translation>已有 {0} 颗爱心</translation>
    </message>
    <message>
        <source>Sign in to send hearts</source>
        <translation>登录后可送爱心</translation>
    </message>
    <message>
        <source>Tap or hold to send hearts</source>
        <translation>点按或长按送爱心</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>End and close</source>
        <translation>结束并关闭</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>先不关</translation>
    </message>
</context>
<context>
    <name>MePage</name>
    <message>
        <source>The invite link is in the clipboard.</source>
        <translation>邀请链接已复制。</translation>
    </message>
    <message>
        <source>Your limits are saved.</source>
        <translation>上限已保存。</translation>
    </message>
    <message>
        <source>You are logged in.</source>
        <translation>已登录。</translation>
    </message>
    <message>
        <source>The password is changed.</source>
        <translation>密码已修改。</translation>
    </message>
    <message>
        <source>That device is logged out.</source>
        <translation>那台设备已退出登录。</translation>
    </message>
    <message>
        <source>Your profile is saved.</source>
        <translation>个人资料已保存。</translation>
    </message>
</context>
<context>
    <name>MixerPanel</name>
    <message>
        <source>Mixer</source>
        <translation>混音</translation>
    </message>
    <message>
        <source>Level of the whole mix</source>
        <translation>总音量</translation>
    </message>
    <message>
        <source>No sound yet. Viewers will hear silence.</source>
        <translation>还没有声音，观众会听到静音。</translation>
    </message>
    <message>
        <source>Add sound</source>
        <translation>添加声音</translation>
    </message>
    <message>
        <source>Hold to mute</source>
        <translation>按住静音</translation>
    </message>
    <message>
        <source>Every microphone is silent while you hold this</source>
        <translation>按住时所有麦克风静音</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>Least squares</source>
        <translation>最小二乘</translation>
    </message>
    <message>
        <source>Logistic regression</source>
        <translation>逻辑回归</translation>
    </message>
    <message>
        <source>Decision tree</source>
        <translation>决策树</translation>
    </message>
    <message>
        <source>Random forest</source>
        <translation>随机森林</translation>
    </message>
    <message>
        <source>Gradient boosting</source>
        <translation>梯度提升</translation>
    </message>
    <message>
        <source>Nearest neighbours</source>
        <translation>K 近邻</translation>
    </message>
    <message>
        <source>Small neural net</source>
        <translation>小型神经网络</translation>
    </message>
    <message>
        <source>it needs {0} visits, and there are {1}</source>
        <translation>至少需要 {0} 次观看，目前只有 {1} 次</translation>
    </message>
    <message>
        <source>Own history, long</source>
        <translation>长期观看</translation>
    </message>
    <message>
        <source>Own history, lately</source>
        <translation>近期观看</translation>
    </message>
    <message>
        <source>Share of one&apos;s watching</source>
        <translation>占本人观看的比例</translation>
    </message>
    <message>
        <source>Number of visits</source>
        <translation>观看次数</translation>
    </message>
    <message>
        <source>Since the last visit</source>
        <translation>距上次观看</translation>
    </message>
    <message>
        <source>Watched last</source>
        <translation>最近看过</translation>
    </message>
    <message>
        <source>Due again</source>
        <translation>到了常看的间隔</translation>
    </message>
    <message>
        <source>Usual at this hour</source>
        <translation>常在这个时段看</translation>
    </message>
    <message>
        <source>Seen before</source>
        <translation>以前看过</translation>
    </message>
    <message>
        <source>Minutes watched</source>
        <translation>观看分钟数</translation>
    </message>
    <message>
        <source>Likes</source>
        <translation>点赞</translation>
    </message>
    <message>
        <source>Coins given</source>
        <translation>送出的金币</translation>
    </message>
    <message>
        <source>Messages written</source>
        <translation>发言数</translation>
    </message>
    <message>
        <source>Like streamers one watches</source>
        <translation>与常看的主播相似</translation>
    </message>
    <message>
        <source>Liked by similar people</source>
        <translation>相似的人也喜欢</translation>
    </message>
    <message>
        <source>Watched together (EASE)</source>
        <translation>常被一起看（EASE）</translation>
    </message>
    <message>
        <source>Popular</source>
        <translation>热度</translation>
    </message>
    <message>
        <source>Rising</source>
        <translation>升温</translation>
    </message>
    <message>
        <source>Momentum of minutes</source>
        <translation>几分钟内的势头</translation>
    </message>
    <message>
        <source>People come back</source>
        <translation>回访率</translation>
    </message>
    <message>
        <source>New streamer</source>
        <translation>新主播</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Friends inside</source>
        <translation>好友在看</translation>
    </message>
    <message>
        <source>Followed</source>
        <translation>已关注</translation>
    </message>
    <message>
        <source>Viewers now</source>
        <translation>当前观众</translation>
    </message>
    <message>
        <source>New recording</source>
        <translation>新回放</translation>
    </message>
    <message>
        <source>Your interests</source>
        <translation>你的兴趣</translation>
    </message>
    <message>
        <source>Shown and not opened</source>
        <translation>看到但没有打开</translation>
    </message>
    <message>
        <source>Your own wish</source>
        <translation>你自己的更正</translation>
    </message>
    <message>
        <source>All the rest</source>
        <translation>其余因素</translation>
    </message>
    <message>
        <source>reading what happened</source>
        <translation>读取行为记录</translation>
    </message>
    <message>
        <source>choosing how fast tastes fade</source>
        <translation>选择偏好衰减速度</translation>
    </message>
    <message>
        <source>replaying the past</source>
        <translation>重放历史</translation>
    </message>
    <message>
        <source>fitting</source>
        <translation>拟合</translation>
    </message>
    <message>
        <source>checking {0}</source>
        <translation>验证{0}</translation>
    </message>
</context>
<context>
    <name>MyTaste</name>
    <message>
        <source>Everything is forgotten.</source>
        <translation>已全部忘记。</translation>
    </message>
</context>
<context>
    <name>OfferedReplays</name>
    <message>
        <source>Recordings for you</source>
        <translation>为你推荐的回放</translation>
    </message>
</context>
<context>
    <name>OverviewPanel</name>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Reports waiting: %1</source>
        <translation>待处理举报：%1</translation>
    </message>
    <message>
        <source>New feedback: %1</source>
        <translation>未读反馈：%1</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>The last hour</source>
        <translation>最近一小时</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 小时</translation>
    </message>
    <message>
        <source>The last day</source>
        <translation>最近一天</translation>
    </message>
    <message>
        <source>7 d</source>
        <translation>7 天</translation>
    </message>
    <message>
        <source>The last week</source>
        <translation>最近一周</translation>
    </message>
    <message>
        <source>peak {0}</source>
        <translation>峰值 {0}</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>还没有数据</translation>
    </message>
</context>
<context>
    <name>PacketChips</name>
    <message>
        <source>{n} left</source>
        <translation>剩 {n} 份</translation>
    </message>
    <message>
        <source>Red packet from {name}, {coins}: take a share</source>
        <translation>{name} 的红包，共 {coins}：点击抢一份</translation>
    </message>
</context>
<context>
    <name>PeopleCard</name>
    <message>
        <source>People you may know</source>
        <translation>可能认识的人</translation>
    </message>
    <message>
        <source>Following</source>
        <translation>已关注</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>关注</translation>
    </message>
    <message>
        <source>Follow {0}</source>
        <translation>关注 {0}</translation>
    </message>
    <message>
        <source>Asking the relay…</source>
        <translation>正在询问服务器…</translation>
    </message>
    <message>
        <source>Nobody yet. Follow some people, and those whom they follow appear here.</source>
        <translation>暂时没有。先关注一些人，他们关注的人会出现在这里。</translation>
    </message>
    <message>
        <source>Likes the same streamers as you</source>
        <translation>和你喜欢同样的主播</translation>
    </message>
    <message>
        <source>{0} whom you follow follow them</source>
        <translation>你关注的 {0} 个人也关注了 TA</translation>
    </message>
    <message>
        <source>{0} and {1} more whom you follow follow them</source>
        <translation>你关注的 {0} 等人也关注了 TA（另有 {1} 人）</translation>
    </message>
    <message>
        <source>{0}, whom you follow, follow them</source>
        <translation>你关注的 {0} 也关注了 TA</translation>
    </message>
</context>
<context>
    <name>PersonMenu</name>
    <message>
        <source>Report…</source>
        <translation>举报…</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Announce this</source>
        <translation>设为公告</translation>
    </message>
    <message>
        <source>Delete the message</source>
        <translation>删除这条消息</translation>
    </message>
    <message>
        <source>Delete all that they wrote</source>
        <translation>删除此人的全部消息</translation>
    </message>
    <message>
        <source>Remove from the room…</source>
        <translation>请出房间…</translation>
    </message>
    <message>
        <source>With a reason…</source>
        <translation>附上理由…</translation>
    </message>
    <message>
        <source>Make a moderator</source>
        <translation>设为房管</translation>
    </message>
    <message>
        <source>No longer a moderator</source>
        <translation>取消房管</translation>
    </message>
</context>
<context>
    <name>PictureDialog</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Planned</name>
    <message>
        <source>Starts at %1</source>
        <translation>%1 开播</translation>
    </message>
</context>
<context>
    <name>PlayerBar</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>音量</translation>
    </message>
    <message>
        <source>Danmaku</source>
        <translation>弹幕</translation>
    </message>
    <message>
        <source>Danmaku settings</source>
        <translation>弹幕设置</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
</context>
<context>
    <name>PollDialog</name>
    <message>
        <source>New poll</source>
        <translation>新投票</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>Choice {0}</source>
        <translation>选项 {0}</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Sound output</source>
        <translation>声音输出</translation>
    </message>
    <message>
        <source>Hearts and effects over the picture</source>
        <translation>画面上的爱心与特效</translation>
    </message>
    <message>
        <source>At the start, go back to where I was</source>
        <translation>启动时回到上次的地方</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>系统默认</translation>
    </message>
    <message>
        <source>%1 (not there)</source>
        <translation>%1（未接入）</translation>
    </message>
</context>
<context>
    <name>Preflight</name>
    <message>
        <source>Second connection</source>
        <translation>第二条线路</translation>
    </message>
    <message>
        <source>Sends over a second network as well, as a phone&apos;s: losing one costs nothing</source>
        <translation>同时经由第二个网络（例如手机）发送：断掉一条也没有损失</translation>
    </message>
    <message>
        <source>Second connection: {0}</source>
        <translation>第二条线路：{0}</translation>
    </message>
    <message>
        <source>No second connection</source>
        <translation>不使用第二条线路</translation>
    </message>
    <message>
        <source>Several qualities</source>
        <translation>多种清晰度</translation>
    </message>
    <message>
        <source>Each viewer gets the one that their network carries</source>
        <translation>每位观众看到自己网络能承载的那一种</translation>
    </message>
</context>
<context>
    <name>ProfileCard</name>
    <message>
        <source>Profile</source>
        <translation>个人资料</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>About me</source>
        <translation>自我介绍</translation>
    </message>
    <message>
        <source>One line that others may read</source>
        <translation>一句话，别人可以看到</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
</context>
<context>
    <name>QualityMenu</name>
    <message>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Sound only</source>
        <translation>仅声音</translation>
    </message>
    <message>
        <source>Save data</source>
        <translation>节省流量</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Now sound only: your connection</source>
        <translation>当前仅声音：受网络所限</translation>
    </message>
    <message>
        <source>Now %1</source>
        <translation>当前 %1</translation>
    </message>
    <message>
        <source>Now %1: your connection</source>
        <translation>当前 %1：受网络所限</translation>
    </message>
    <message>
        <source>Now %1: your computer is busy</source>
        <translation>当前 %1：电脑负载过高</translation>
    </message>
    <message>
        <source>Now %1: you save data</source>
        <translation>当前 %1：节省流量</translation>
    </message>
    <message>
        <source>Your connection does not carry %1. You see %2 until it does.</source>
        <translation>网络带不动 %1，先为你播放 %2，恢复后自动切回。</translation>
    </message>
</context>
<context>
    <name>RaidBanner</name>
    <message>
        <source>A raid was stopped</source>
        <translation>已拦下一次围攻</translation>
    </message>
    <message>
        <source>Undo everything</source>
        <translation>全部撤销</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Everybody may write, the messages come back, nobody is muted</source>
        <translation>所有人可以发言，消息恢复，解除禁言</translation>
    </message>
    <message>
        <source>It was a raid: leave all as it is</source>
        <translation>确实是围攻：保持现状</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Discover</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>房间</translation>
    </message>
    <message>
        <source>Studio</source>
        <translation>演播室</translation>
    </message>
    <message>
        <source>Replays</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>Me</source>
        <translation>我的</translation>
    </message>
    <message>
        <source>Admin</source>
        <translation>管理</translation>
    </message>
</context>
<context>
    <name>Reasons</name>
    <message>
        <source>You watched {0} times this month</source>
        <translation>近 30 天看过 {0} 次</translation>
    </message>
    <message>
        <source>You watched this month</source>
        <translation>近 30 天看过</translation>
    </message>
    <message>
        <source>Like {1}, which you watch</source>
        <translation>和你看过的 {1} 相似</translation>
    </message>
    <message>
        <source>{0} friends watching</source>
        <translation>你的 {0} 位好友在看</translation>
    </message>
    <message>
        <source>A friend is watching</source>
        <translation>有好友在看</translation>
    </message>
    <message>
        <source>You often watch {1}</source>
        <translation>你常看 {1}</translation>
    </message>
    <message>
        <source>You follow the host</source>
        <translation>你关注了主播</translation>
    </message>
    <message>
        <source>Rising now</source>
        <translation>正在升温</translation>
    </message>
    <message>
        <source>New streamer</source>
        <translation>新主播</translation>
    </message>
    <message>
        <source>Popular now</source>
        <translation>当前热门</translation>
    </message>
    <message>
        <source>Fits what you watch</source>
        <translation>符合你的口味</translation>
    </message>
    <message>
        <source>You chose {1}</source>
        <translation>你选择的兴趣：{1}</translation>
    </message>
    <message>
        <source>New recording</source>
        <translation>新回放</translation>
    </message>
    <message>
        <source>Live right now</source>
        <translation>正在直播</translation>
    </message>
    <message>
        <source>You watched the host {0} times this month</source>
        <translation>近 30 天看过这位主播 {0} 次</translation>
    </message>
    <message>
        <source>You watched the host this month</source>
        <translation>近 30 天看过这位主播</translation>
    </message>
    <message>
        <source>Recorded in this house</source>
        <translation>来自本站的回放</translation>
    </message>
    <message>
        <source>Your visits to this streamer in the last 30 days: {0}.</source>
        <translation>最近 30 天里，你看过这位主播 {0} 次。</translation>
    </message>
    <message>
        <source>People who like {1}, as you do, like this, too.</source>
        <translation>和你一样喜欢 {1} 的人，也喜欢这里。</translation>
    </message>
    <message>
        <source>People you follow are watching this right now: {0}.</source>
        <translation>你关注的人里有 {0} 位正在看。</translation>
    </message>
    <message>
        <source>You often watch the category {1}.</source>
        <translation>你常看“{1}”分类。</translation>
    </message>
    <message>
        <source>You follow this streamer.</source>
        <translation>你关注了这位主播。</translation>
    </message>
    <message>
        <source>More and more people come here in these minutes.</source>
        <translation>这几分钟里来的人越来越多。</translation>
    </message>
    <message>
        <source>This streamer is new here, and should get a chance.</source>
        <translation>这位主播刚来，给 TA 一个机会。</translation>
    </message>
    <message>
        <source>Many people watch this at this time.</source>
        <translation>这个时段有很多人在看。</translation>
    </message>
    <message>
        <source>No single thing decided: all that you watch together did.</source>
        <translation>没有单独的原因，是你看过的内容综合决定的。</translation>
    </message>
    <message>
        <source>{1} is one of the interests that you chose.</source>
        <translation>{1} 是你选择的兴趣之一。</translation>
    </message>
    <message>
        <source>This was recorded in the last weeks.</source>
        <translation>录制于最近几周。</translation>
    </message>
    <message>
        <source>Nothing is known yet that speaks for or against it.</source>
        <translation>目前还没有依据说明你会不会喜欢。</translation>
    </message>
    <message>
        <source>This place is kept for streamers that you do not know yet.</source>
        <translation>这个位置留给你还不认识的主播。</translation>
    </message>
    <message>
        <source>The model in use does not count by addition: this is its best guess.</source>
        <translation>当前模型不是简单相加，这是它的近似解释。</translation>
    </message>
    <message>
        <source>1 visit</source>
        <translation>1 次</translation>
    </message>
    <message>
        <source>{0} visits</source>
        <translation>{0} 次</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>under a minute</source>
        <translation>不到一分钟</translation>
    </message>
    <message>
        <source>{0} and {1}</source>
        <translation>{0}、{1}</translation>
    </message>
</context>
<context>
    <name>RecommendedCards</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Not interested</source>
        <translation>不感兴趣</translation>
    </message>
    <message>
        <source>Why is this shown?</source>
        <translation>为什么推荐这个？</translation>
    </message>
    <message>
        <source>{0} is not recommended to you any more.</source>
        <translation>不再向你推荐 {0}。</translation>
    </message>
    <message>
        <source>Taken back.</source>
        <translation>已撤销。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>RecommenderPanel</name>
    <message>
        <source>Recommender</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>most popular: {0}</source>
        <translation>按热门：{0}</translation>
    </message>
    <message>
        <source>Chosen from the first ten (HR@10)</source>
        <translation>选中前十（HR@10）</translation>
    </message>
    <message>
        <source>And how far up (NDCG@10)</source>
        <translation>排得多靠前（NDCG@10）</translation>
    </message>
    <message>
        <source>Streamers who were shown</source>
        <translation>展示过的主播</translation>
    </message>
    <message>
        <source>Places of new streamers</source>
        <translation>新主播占位</translation>
    </message>
    <message>
        <source>peak {0}</source>
        <translation>峰值 {0}</translation>
    </message>
    <message>
        <source>Nothing measured yet</source>
        <translation>还没有数据</translation>
    </message>
    <message>
        <source>Train now</source>
        <translation>立即训练</translation>
    </message>
    <message>
        <source>Cancel the training</source>
        <translation>取消训练</translation>
    </message>
    <message>
        <source>Use the chosen model</source>
        <translation>使用选中的模型</translation>
    </message>
    <message>
        <source>How far the training is</source>
        <translation>训练进度</translation>
    </message>
    <message>
        <source>What the model looks at</source>
        <translation>模型看重什么</translation>
    </message>
    <message>
        <source>Fixed weights, until there is enough to learn from</source>
        <translation>数据足够之前使用固定权重</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Kinds that were tried for it</source>
        <translation>训练时比较过的模型</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>种类</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Visits</source>
        <translation>观看次数</translation>
    </message>
    <message>
        <source>Nothing is measured yet: it needs people who choose a room from their list.</source>
        <translation>还没有数据：需要有人从推荐列表里选择房间。</translation>
    </message>
    <message>
        <source>{0} choices in 30 days, held against a list of what is most popular at the same moments. Stored since the start: {1} events; without room: {2}.</source>
        <translation>30 天内 {0} 次选择，与同一时刻的热门列表对比。启动以来记录 {1} 条，因空间不足丢弃 {2} 条。</translation>
    </message>
    <message>
        <source>Training: {0}</source>
        <translation>正在训练：{0}</translation>
    </message>
    <message>
        <source>The last training is done.</source>
        <translation>上次训练已完成。</translation>
    </message>
    <message>
        <source>The last training failed: {0}</source>
        <translation>上次训练失败：{0}</translation>
    </message>
    <message>
        <source>The last training was cancelled.</source>
        <translation>上次训练已取消。</translation>
    </message>
    <message>
        <source>did not work</source>
        <translation>不可用</translation>
    </message>
    <message>
        <source>Let the chosen model order the rooms of everybody from now on?</source>
        <translation>从现在起用选中的模型为所有人排序房间吗？</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The chosen model is in use.</source>
        <translation>选中的模型已启用。</translation>
    </message>
</context>
<context>
    <name>RecordRow</name>
    <message>
        <source>Folder for recordings</source>
        <translation>录制文件夹</translation>
    </message>
    <message>
        <source>Folder for recordings: {0}</source>
        <translation>录制文件夹：{0}</translation>
    </message>
    <message>
        <source>Livehouse, in Videos</source>
        <translation>“视频”里的 Livehouse</translation>
    </message>
    <message>
        <source>Record here</source>
        <translation>录到本机</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>停止录制</translation>
    </message>
    <message>
        <source>Keeps the broadcast as a file on this computer, as it is sent</source>
        <translation>把正在发送的直播原样存成本机文件</translation>
    </message>
    <message>
        <source>Begins with the broadcast.</source>
        <translation>开播时开始录制。</translation>
    </message>
    <message>
        <source>Recording: {time}, {size}</source>
        <translation>录制中：{time}，{size}</translation>
    </message>
    <message>
        <source>Saved as {0}</source>
        <translation>已存为 {0}</translation>
    </message>
    <message>
        <source>The disk is nearly full: nothing more is recorded. What there was is kept, and the broadcast goes on.</source>
        <translation>磁盘快满了：已停止录制。录好的部分保留，直播不受影响。</translation>
    </message>
    <message>
        <source>The folder cannot be used: {0}</source>
        <translation>文件夹无法使用：{0}</translation>
    </message>
    <message>
        <source>The recording stopped: {0}</source>
        <translation>录制中断：{0}</translation>
    </message>
    <message>
        <source>A folder for recordings</source>
        <translation>选择录制文件夹</translation>
    </message>
</context>
<context>
    <name>RecordingsCard</name>
    <message>
        <source>Recordings</source>
        <translation>录像</translation>
    </message>
    <message>
        <source>How much of the recordings&apos; share is used</source>
        <translation>录像空间的使用量</translation>
    </message>
    <message>
        <source>Rooms whose recordings take most</source>
        <translation>录像占用最多的房间</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>房间</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Recordings: %1 · %2 of %3 · marked to be kept: %4 · free on the disk: %5</source>
        <translation>录像 %1 段 · 已用 %2，上限 %3 · 设为保留：%4 · 磁盘剩余：%5</translation>
    </message>
    <message>
        <source>Beyond %1 the oldest recordings go by themselves, never those that are marked to be kept. While less than %2 of the disk is free, nothing is recorded.</source>
        <translation>超过 %1 时自动删除最早的录像，设为保留的不会删。磁盘剩余不足 %2 时停止录制。</translation>
    </message>
    <message>
        <source>This relay records nothing: it was started with --no-record.</source>
        <translation>这台服务器不录制：启动时用了 --no-record。</translation>
    </message>
    <message>
        <source>Recording waits: the disk is nearly full. Make room on it; recording goes on by itself once %1 are free.</source>
        <translation>录制已暂停：磁盘快满了。请腾出空间，剩余达到 %1 后会自动继续录制。</translation>
    </message>
    <message>
        <source>Recording waits: what may not go has used up the share. Delete recordings under Replays or mark fewer to be kept, or start the relay with a larger --recordings-gb.</source>
        <translation>录制已暂停：不能删的录像占满了空间。请在“回放”里删除一些或取消保留，或者用更大的 --recordings-gb 启动服务器。</translation>
    </message>
    <message>
        <source>The disk is filling up: below %2 free recording waits. Make room on it, or start the relay with a smaller --recordings-gb.</source>
        <translation>磁盘快满了：剩余不足 %2 时录制会暂停。请腾出空间，或者用更小的 --recordings-gb 启动服务器。</translation>
    </message>
    <message>
        <source>Most of the share is marked to be kept, so new recordings soon push each other out. Mark fewer to be kept, or start the relay with a larger --recordings-gb.</source>
        <translation>大部分空间被设为保留的录像占用，新录像很快会互相挤掉。请少保留一些，或者用更大的 --recordings-gb 启动服务器。</translation>
    </message>
</context>
<context>
    <name>RedPacketForm</name>
    <message numerus="yes">
        <source>Whoever is quick takes a share, each of a different size. After %n s the rest comes back to you.</source>
        <translation>
            <numerusform>先到先得，每份随机。%n 秒后剩下的退还给你。</numerusform>
        </translation>
    </message>
    <message>
        <source>Coins in all</source>
        <translation>总金币</translation>
    </message>
    <message>
        <source>Shares</source>
        <translation>份数</translation>
    </message>
    <message>
        <source>Send the red packet</source>
        <translation>发红包</translation>
    </message>
</context>
<context>
    <name>RelayList</name>
    <message>
        <source>Where you have been before</source>
        <translation>去过的直播站</translation>
    </message>
    <message>
        <source>Forget %1</source>
        <translation>移除 %1</translation>
    </message>
    <message>
        <source>Forget this house</source>
        <translation>移除这个直播站</translation>
    </message>
</context>
<context>
    <name>RelaySettings</name>
    <message>
        <source>New accounts</source>
        <translation>谁能注册</translation>
    </message>
    <message>
        <source>Sign-up code</source>
        <translation>注册码</translation>
    </message>
    <message>
        <source>Guests may look around and watch</source>
        <translation>游客可以浏览和观看</translation>
    </message>
    <message>
        <source>Users may make rooms</source>
        <translation>用户可以建房间</translation>
    </message>
    <message>
        <source>Rooms of one user, at most</source>
        <translation>每人最多房间数</translation>
    </message>
    <message>
        <source>New rooms: slow mode</source>
        <translation>新房间：慢速模式</translation>
    </message>
    <message>
        <source>New rooms: only followers write</source>
        <translation>新房间：仅关注者可发言</translation>
    </message>
    <message>
        <source>New rooms: messages wait for review</source>
        <translation>新房间：消息先审后发</translation>
    </message>
    <message>
        <source>Chat is kept</source>
        <translation>聊天记录保留</translation>
    </message>
    <message>
        <source>Closed polls and draws are kept</source>
        <translation>已结束的投票和抽奖保留</translation>
    </message>
    <message>
        <source>What was watched is kept</source>
        <translation>观看记录保留</translation>
    </message>
    <message>
        <source>Held messages are kept</source>
        <translation>被拦下的消息保留</translation>
    </message>
    <message>
        <source>The book of acts is kept</source>
        <translation>操作记录保留</translation>
    </message>
    <message>
        <source>Figures are kept</source>
        <translation>统计数据保留</translation>
    </message>
    <message>
        <source>A backup by itself every</source>
        <translation>自动备份间隔</translation>
    </message>
    <message>
        <source>Backups kept</source>
        <translation>保留备份份数</translation>
    </message>
    <message>
        <source>Connections, at most</source>
        <translation>连接数上限</translation>
    </message>
    <message>
        <source>Connections of one address</source>
        <translation>单个地址的连接数上限</translation>
    </message>
    <message>
        <source>A streamer cut off is waited for</source>
        <translation>主播断线后等待</translation>
    </message>
    <message>
        <source>Raids are met by themselves</source>
        <translation>自动拦截围攻</translation>
    </message>
    <message>
        <source>Bad behaviour is met by itself</source>
        <translation>自动处理不良行为</translation>
    </message>
    <message>
        <source>So many at once are a raid</source>
        <translation>同时多少人算围攻</translation>
    </message>
    <message>
        <source>After a raid only known people write for</source>
        <translation>围攻后仅熟人可发言</translation>
    </message>
    <message>
        <source>Those of a raid are muted for</source>
        <translation>围攻者禁言</translation>
    </message>
    <message>
        <source>Asked for while sign-up needs a code; empty lets nobody in.</source>
        <translation>凭码注册时要填；留空则谁也不能注册。</translation>
    </message>
    <message>
        <source>Off: only people with an account see anything.</source>
        <translation>关闭后，只有登录用户能看到内容。</translation>
    </message>
    <message>
        <source>Many new people who act as one; one click takes it back.</source>
        <translation>一批新人行动一致即为围攻，可一键撤回。</translation>
    </message>
    <message>
        <source>Held back, or muted for ten minutes.</source>
        <translation>先审，或禁言十分钟。</translation>
    </message>
    <message>
        <source>0, here and below: until it is erased.</source>
        <translation>0 表示一直保留到被清除，下同。</translation>
    </message>
    <message>
        <source>0: never by itself.</source>
        <translation>0 表示不自动备份。</translation>
    </message>
    <message>
        <source>The oldest go after a new one.</source>
        <translation>做了新备份后删掉最旧的。</translation>
    </message>
    <message>
        <source>Anybody</source>
        <translation>任何人</translation>
    </message>
    <message>
        <source>With the code</source>
        <translation>凭注册码</translation>
    </message>
    <message>
        <source>Nobody</source>
        <translation>不开放</translation>
    </message>
    <message>
        <source>On</source>
        <translation>开</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source> days</source>
        <translation> 天</translation>
    </message>
    <message>
        <source> h</source>
        <translation> 小时</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source> people</source>
        <translation> 人</translation>
    </message>
</context>
<context>
    <name>RenameDialog</name>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>ReplayControls</name>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Chapters</source>
        <translation>章节</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Back to live</source>
        <translation>回到直播</translation>
    </message>
</context>
<context>
    <name>ReplayTotals</name>
    <message>
        <source>Hearts so far: {0}</source>
        <translation>到此刻共 {0} 颗爱心</translation>
    </message>
    <message>
        <source>Gifts so far: {0} coins</source>
        <translation>到此刻的礼物共 {0} 金币</translation>
    </message>
</context>
<context>
    <name>ReplayView</name>
    <message>
        <source>Stage</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Position</source>
        <translation>播放位置</translation>
    </message>
    <message>
        <source>All replays</source>
        <translation>全部回放</translation>
    </message>
    <message>
        <source>Clip or export</source>
        <translation>片段与导出</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Bring the picture back</source>
        <translation>收回画面</translation>
    </message>
    <message>
        <source>Nothing was said up to here.</source>
        <translation>到这里还没有人发言。</translation>
    </message>
    <message>
        <source>Opening the recording</source>
        <translation>正在打开录像</translation>
    </message>
    <message>
        <source>Goes on at {0}</source>
        <translation>从 {0} 继续播放</translation>
    </message>
    <message>
        <source>From the start</source>
        <translation>从头播放</translation>
    </message>
    <message>
        <source>This recording does not open</source>
        <translation>录像打不开</translation>
    </message>
    <message>
        <source>This recording does not play</source>
        <translation>录像无法播放</translation>
    </message>
    <message>
        <source>The relay is not reached, or its file is damaged. Open it again later.</source>
        <translation>连不上直播站，或者文件已损坏。请稍后再打开。</translation>
    </message>
    <message>
        <source>Waiting for more</source>
        <translation>等待更多内容</translation>
    </message>
</context>
<context>
    <name>Replays</name>
    <message>
        <source>Today %1</source>
        <translation>今天 %1</translation>
    </message>
    <message>
        <source>Yesterday %1</source>
        <translation>昨天 %1</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>已保留</translation>
    </message>
    <message>
        <source>Damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>%1 danmaku</source>
        <translation>%1 条弹幕</translation>
    </message>
    <message>
        <source>Private</source>
        <translation>私密</translation>
    </message>
    <message>
        <source>Unlisted</source>
        <translation>不公开列出</translation>
    </message>
    <message>
        <source>Public</source>
        <translation>公开</translation>
    </message>
    <message>
        <source>Being recorded</source>
        <translation>录制中</translation>
    </message>
    <message>
        <source>Peak of the chat</source>
        <translation>弹幕高峰</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>回放</translation>
    </message>
</context>
<context>
    <name>ReplaysPage</name>
    <message>
        <source>Replays</source>
        <translation>回放</translation>
    </message>
    <message>
        <source>Search recordings and rooms</source>
        <translation>搜索录像和房间</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <source>Go to Studio</source>
        <translation>去演播室</translation>
    </message>
    <message>
        <source>You are in no house yet</source>
        <translation>你还没有进入任何直播站</translation>
    </message>
    <message>
        <source>Open your own in Studio, or join one with a link under Me.</source>
        <translation>在“演播室”里开自己的直播站，或在“我的”里用链接加入。</translation>
    </message>
    <message>
        <source>Looking for recordings</source>
        <translation>正在查找录像</translation>
    </message>
    <message>
        <source>The recordings cannot be listed</source>
        <translation>无法列出录像</translation>
    </message>
    <message>
        <source>Nothing fits</source>
        <translation>没有符合的录像</translation>
    </message>
    <message>
        <source>Try another word.</source>
        <translation>换个词试试。</translation>
    </message>
    <message>
        <source>No recordings yet</source>
        <translation>还没有录像</translation>
    </message>
    <message>
        <source>Every broadcast is recorded by itself. Yours are here as soon as they end; those of others, once they publish them.</source>
        <translation>每场直播都会自动录制。你的直播一结束就会出现在这里；别人的录像公开后也会出现。</translation>
    </message>
    <message>
        <source>Clip or export</source>
        <translation>片段与导出</translation>
    </message>
    <message>
        <source>The recording is deleted.</source>
        <translation>录像已删除。</translation>
    </message>
</context>
<context>
    <name>ReplyChip</name>
    <message>
        <source>Reply to {name}</source>
        <translation>回复 {name}</translation>
    </message>
    <message>
        <source>Cancel the reply</source>
        <translation>取消回复</translation>
    </message>
</context>
<context>
    <name>ReportDialog</name>
    <message>
        <source>What happened</source>
        <translation>具体情况</translation>
    </message>
    <message>
        <source>Whoever keeps order decides, and you are told. Nobody reported learns who it was.</source>
        <translation>由管理者判断，结果会告诉你；被举报的人不会知道是谁举报的。</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>举报</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Say in a few words what is wrong</source>
        <translation>请简单说明问题</translation>
    </message>
    <message>
        <source>What happened, if it needs words</source>
        <translation>补充说明（可不填）</translation>
    </message>
</context>
<context>
    <name>Reports</name>
    <message>
        <source>Spam or advertising</source>
        <translation>刷屏或广告</translation>
    </message>
    <message>
        <source>Insults or harassment</source>
        <translation>辱骂或骚扰</translation>
    </message>
    <message>
        <source>Hate against a group</source>
        <translation>仇恨言论</translation>
    </message>
    <message>
        <source>Sexual content</source>
        <translation>色情内容</translation>
    </message>
    <message>
        <source>Violence or danger</source>
        <translation>暴力或危险</translation>
    </message>
    <message>
        <source>Fraud</source>
        <translation>诈骗</translation>
    </message>
    <message>
        <source>Someone&apos;s private data</source>
        <translation>泄露隐私</translation>
    </message>
    <message>
        <source>Something else</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Report a message of {name}</source>
        <translation>举报 {name} 的消息</translation>
    </message>
    <message>
        <source>Report {name}</source>
        <translation>举报 {name}</translation>
    </message>
    <message>
        <source>Report the room “{name}”</source>
        <translation>举报房间“{name}”</translation>
    </message>
</context>
<context>
    <name>ReportsPanel</name>
    <message>
        <source>Reports</source>
        <translation>举报</translation>
    </message>
    <message>
        <source>%1 of %2 reports shown</source>
        <translation>显示 %1 / %2 条举报</translation>
    </message>
    <message>
        <source>No report waits here.</source>
        <translation>没有待处理的举报。</translation>
    </message>
    <message>
        <source>No report is chosen</source>
        <translation>还没选举报</translation>
    </message>
    <message>
        <source>Choose one to see what was said around it.</source>
        <translation>选一条，查看前后的聊天。</translation>
    </message>
    <message>
        <source>Let it go</source>
        <translation>放回队列</translation>
    </message>
    <message>
        <source>I take it</source>
        <translation>我来处理</translation>
    </message>
    <message>
        <source>Which reports</source>
        <translation>举报类型</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>待处理</translation>
    </message>
    <message>
        <source>Decided</source>
        <translation>已处理</translation>
    </message>
    <message>
        <source>About</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>房间</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Words for those who reported it</source>
        <translation>给举报人的话</translation>
    </message>
    <message>
        <source>No breach</source>
        <translation>没有违规</translation>
    </message>
    <message>
        <source>Dealt with</source>
        <translation>已处理</translation>
    </message>
    <message>
        <source>Mute…</source>
        <translation>禁言…</translation>
    </message>
    <message>
        <source>Ban…</source>
        <translation>封禁…</translation>
    </message>
    <message>
        <source>Room: %1</source>
        <translation>房间：%1</translation>
    </message>
    <message>
        <source>Said: %1</source>
        <translation>内容：%1</translation>
    </message>
    <message>
        <source>Reported by %1</source>
        <translation>举报人数：%1</translation>
    </message>
    <message>
        <source>%1 is at it</source>
        <translation>%1 正在处理</translation>
    </message>
    <message>
        <source>It is decided.</source>
        <translation>已处理。</translation>
    </message>
    <message>
        <source>It is imposed, and the report is decided.</source>
        <translation>已处罚，举报也已结案。</translation>
    </message>
</context>
<context>
    <name>RewindDesk</name>
    <message>
        <source>You are live again.</source>
        <translation>已回到直播。</translation>
    </message>
    <message>
        <source>The recording cannot be read any more. You are back in the room.</source>
        <translation>录像读不到了，已回到房间。</translation>
    </message>
    <message>
        <source>This broadcast is not recorded, so there is nothing to go back to.</source>
        <translation>这场直播没有录制，无法回看。</translation>
    </message>
</context>
<context>
    <name>RoomDesk</name>
    <message>
        <source>The room is saved.</source>
        <translation>房间设置已保存。</translation>
    </message>
    <message>
        <source>The cover is set.</source>
        <translation>封面已设置。</translation>
    </message>
    <message>
        <source>The cover is gone.</source>
        <translation>封面已移除。</translation>
    </message>
</context>
<context>
    <name>RoomDetails</name>
    <message>
        <source>No room is chosen</source>
        <translation>还没选房间</translation>
    </message>
    <message>
        <source>Choose one to see what you can do with it.</source>
        <translation>选一个房间，看看能对它做什么。</translation>
    </message>
    <message>
        <source>Go in</source>
        <translation>进入</translation>
    </message>
    <message>
        <source>Title and category…</source>
        <translation>标题和分类…</translation>
    </message>
    <message>
        <source>Take the cover away…</source>
        <translation>移除封面…</translation>
    </message>
    <message>
        <source>Feature no longer</source>
        <translation>取消推荐</translation>
    </message>
    <message>
        <source>Feature</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>Plan a broadcast…</source>
        <translation>预告直播…</translation>
    </message>
    <message>
        <source>Announce…</source>
        <translation>发公告…</translation>
    </message>
    <message>
        <source>Open the chat</source>
        <translation>解除全员禁言</translation>
    </message>
    <message>
        <source>Mute the chat</source>
        <translation>全员禁言</translation>
    </message>
    <message>
        <source>Open the room</source>
        <translation>重新开放</translation>
    </message>
    <message>
        <source>Close the room…</source>
        <translation>关闭房间…</translation>
    </message>
    <message>
        <source>Cover of the room</source>
        <translation>房间封面</translation>
    </message>
    <message>
        <source>Viewers: %1</source>
        <translation>观众：%1</translation>
    </message>
    <message>
        <source>Made on %1</source>
        <translation>创建于 %1</translation>
    </message>
    <message>
        <source>no reason given</source>
        <translation>没有说明原因</translation>
    </message>
    <message>
        <source>Closed: %1</source>
        <translation>已关闭：%1</translation>
    </message>
    <message>
        <source>Planned for %1</source>
        <translation>预告：%1</translation>
    </message>
    <message>
        <source>Title and category</source>
        <translation>标题和分类</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>The room is changed.</source>
        <translation>房间已修改。</translation>
    </message>
    <message>
        <source>Take the cover away</source>
        <translation>移除封面</translation>
    </message>
    <message>
        <source>Take it away</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>The room is shown without it until its owner chooses another. It is not kept, so nobody can put it back.</source>
        <translation>在房主另选一张之前，房间没有封面。原图不会保留，无法恢复。</translation>
    </message>
    <message>
        <source>The cover is gone.</source>
        <translation>封面已移除。</translation>
    </message>
    <message>
        <source>It is shown as any other.</source>
        <translation>已取消推荐。</translation>
    </message>
    <message>
        <source>It is shown before the others now.</source>
        <translation>已推荐，会排在前面。</translation>
    </message>
    <message>
        <source>Plan a broadcast</source>
        <translation>预告直播</translation>
    </message>
    <message>
        <source>Plan it</source>
        <translation>预告</translation>
    </message>
    <message>
        <source>Whoever looks at the room sees when it begins.</source>
        <translation>看到这个房间的人都会知道几点开播。</translation>
    </message>
    <message>
        <source>When it begins</source>
        <translation>开播时间</translation>
    </message>
    <message>
        <source>Its title, may be empty</source>
        <translation>标题，可留空</translation>
    </message>
    <message>
        <source>Nothing is planned</source>
        <translation>取消预告</translation>
    </message>
    <message>
        <source>Nothing is planned any more.</source>
        <translation>预告已取消。</translation>
    </message>
    <message>
        <source>It is planned.</source>
        <translation>已预告。</translation>
    </message>
    <message>
        <source>Announce in this room</source>
        <translation>在本房间发公告</translation>
    </message>
    <message>
        <source>Announce</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>It stands above the chat. An empty one takes it down.</source>
        <translation>公告显示在聊天上方，留空则撤下。</translation>
    </message>
    <message>
        <source>Announcement</source>
        <translation>公告</translation>
    </message>
    <message>
        <source>It is announced.</source>
        <translation>公告已发布。</translation>
    </message>
    <message>
        <source>Everybody may write again.</source>
        <translation>大家可以发言了。</translation>
    </message>
    <message>
        <source>Only its owner and moderators write there now.</source>
        <translation>现在只有房主和房管能发言。</translation>
    </message>
    <message>
        <source>The room is open again.</source>
        <translation>房间已重新开放。</translation>
    </message>
    <message>
        <source>Close this room</source>
        <translation>关闭房间</translation>
    </message>
    <message>
        <source>Close it</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>What is live there ends, and nobody enters, watches or writes until it is opened again. All of them see the reason.</source>
        <translation>直播会结束，重新开放之前谁也不能进入、观看或发言。大家都能看到原因。</translation>
    </message>
    <message>
        <source>Reason, may be empty</source>
        <translation>原因，可留空</translation>
    </message>
    <message>
        <source>The room is closed.</source>
        <translation>房间已关闭。</translation>
    </message>
</context>
<context>
    <name>RoomHead</name>
    <message>
        <source>Room</source>
        <translation>房间</translation>
    </message>
    <message numerus="yes">
        <source>%n watching</source>
        <translation>
            <numerusform>%n 人观看</numerusform>
        </translation>
    </message>
    <message>
        <source>Share</source>
        <translation>分享</translation>
    </message>
    <message>
        <source>Report this room</source>
        <translation>举报房间</translation>
    </message>
</context>
<context>
    <name>RoomPage</name>
    <message>
        <source>Room</source>
        <translation>房间</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Bring the picture back</source>
        <translation>收回画面</translation>
    </message>
    <message>
        <source>Reconnect now</source>
        <translation>立即重连</translation>
    </message>
    <message>
        <source>Find a room</source>
        <translation>去找房间</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>口令</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>进入</translation>
    </message>
    <message>
        <source>Reply</source>
        <translation>回复</translation>
    </message>
</context>
<context>
    <name>RoomPanel</name>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>分类</translation>
    </message>
    <message>
        <source>Who may watch</source>
        <translation>谁可以看</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>口令</translation>
    </message>
    <message>
        <source>When you are cut off, the room waits</source>
        <translation>掉线后房间保留</translation>
    </message>
    <message>
        <source>What is on?</source>
        <translation>今天播什么？</translation>
    </message>
    <message>
        <source>Music, games, talk…</source>
        <translation>音乐、游戏、聊天…</translation>
    </message>
    <message>
        <source>Everybody</source>
        <translation>所有人</translation>
    </message>
    <message>
        <source>Whoever knows the passphrase</source>
        <translation>知道口令的人</translation>
    </message>
    <message>
        <source>Whoever has the invite link</source>
        <translation>有邀请链接的人</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>As usual on this relay</source>
        <translation>按服务器的默认设置</translation>
    </message>
    <message>
        <source>%1 seconds</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 分钟</translation>
    </message>
    <message>
        <source>%1 minutes</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>Unchanged</source>
        <translation>不修改</translation>
    </message>
    <message>
        <source>The room stands in Discover, open to whoever reaches this relay.</source>
        <translation>房间会出现在“发现”里，能连上服务器的人都可以看。</translation>
    </message>
    <message>
        <source>At least four characters. Viewers are asked for it.</source>
        <translation>至少四个字符，观众进入时需要输入。</translation>
    </message>
    <message>
        <source>Share gives you a link that opens the room. Nobody else sees it.</source>
        <translation>用“分享”得到的链接可以打开房间，其他人看不到。</translation>
    </message>
</context>
<context>
    <name>RoomTitle</name>
    <message>
        <source>{name}&apos;s room</source>
        <translation>{name}的房间</translation>
    </message>
</context>
<context>
    <name>RoomsPanel</name>
    <message>
        <source>Rooms</source>
        <translation>房间</translation>
    </message>
    <message>
        <source>No room matches.</source>
        <translation>没有符合条件的房间。</translation>
    </message>
    <message>
        <source>This house has no room yet. Make the first one for somebody.</source>
        <translation>这里还没有房间，先给谁建一个吧。</translation>
    </message>
    <message>
        <source>Rooms found: %1</source>
        <translation>共 %1 个房间</translation>
    </message>
    <message>
        <source>Search by name or title</source>
        <translation>按名称或标题搜索</translation>
    </message>
    <message>
        <source>Search rooms</source>
        <translation>搜索房间</translation>
    </message>
    <message>
        <source>Which rooms</source>
        <translation>房间类型</translation>
    </message>
    <message>
        <source>All rooms</source>
        <translation>全部房间</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>直播中</translation>
    </message>
    <message>
        <source>Private</source>
        <translation>私密</translation>
    </message>
    <message>
        <source>Featured</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>Planned</source>
        <translation>已预告</translation>
    </message>
    <message>
        <source>New room</source>
        <translation>新建房间</translation>
    </message>
    <message>
        <source>Announce to all</source>
        <translation>全站公告</translation>
    </message>
    <message>
        <source>Make the room</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>Name of its owner</source>
        <translation>房主的名字</translation>
    </message>
    <message>
        <source>Name of the room</source>
        <translation>房间名</translation>
    </message>
    <message>
        <source>Title, may be empty</source>
        <translation>标题，可留空</translation>
    </message>
    <message>
        <source>nobody in this house has that name</source>
        <translation>这里没有叫这个名字的人</translation>
    </message>
    <message>
        <source>The room is there.</source>
        <translation>房间建好了。</translation>
    </message>
    <message>
        <source>Announce to all rooms</source>
        <translation>向所有房间发公告</translation>
    </message>
    <message>
        <source>Announce</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>It stands above the chat of every room where somebody is.</source>
        <translation>公告会显示在每个有人的房间的聊天上方。</translation>
    </message>
    <message>
        <source>Announcement</source>
        <translation>公告</translation>
    </message>
    <message>
        <source>It is announced.</source>
        <translation>公告已发布。</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>Chat muted</source>
        <translation>全员禁言</translation>
    </message>
    <message>
        <source>Not live</source>
        <translation>未开播</translation>
    </message>
    <message>
        <source>Away</source>
        <translation>主播暂离</translation>
    </message>
    <message>
        <source>Live · %1</source>
        <translation>直播中 · %1</translation>
    </message>
</context>
<context>
    <name>RoundsPanel</name>
    <message>
        <source>Put away</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>Votes: {0}</source>
        <translation>{0} 票</translation>
    </message>
    <message>
        <source>over</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>{0} s left</source>
        <translation>还剩 {0} 秒</translation>
    </message>
    <message>
        <source>Lucky draw: {0}</source>
        <translation>抽奖：{0}</translation>
    </message>
    <message>
        <source>You are in ✓</source>
        <translation>已参加 ✓</translation>
    </message>
    <message>
        <source>Enter the draw</source>
        <translation>参加抽奖</translation>
    </message>
    <message>
        <source>{0} in</source>
        <translation>{0} 人参加</translation>
    </message>
    <message>
        <source>{0} can win</source>
        <translation>{0} 个名额</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>and {0} more</source>
        <translation>等，另有 {0} 人</translation>
    </message>
    <message>
        <source>Winners: {0}</source>
        <translation>中奖：{0}</translation>
    </message>
    <message>
        <source>Nobody entered.</source>
        <translation>无人参加。</translation>
    </message>
    <message>
        <source>🎉 You have won!</source>
        <translation>🎉 你中奖了！</translation>
    </message>
    <message>
        <source>Not checked yet</source>
        <translation>尚未验证</translation>
    </message>
    <message>
        <source>Verified ✓</source>
        <translation>已验证 ✓</translation>
    </message>
    <message>
        <source>This draw does not add up!</source>
        <translation>抽奖结果验证不通过！</translation>
    </message>
    <message>
        <source>Sure?</source>
        <translation>确定？</translation>
    </message>
    <message>
        <source>Draw now</source>
        <translation>立即开奖</translation>
    </message>
    <message>
        <source>End the poll</source>
        <translation>结束投票</translation>
    </message>
</context>
<context>
    <name>SanctionDialog</name>
    <message>
        <source>How long</source>
        <translation>多久</translation>
    </message>
    <message>
        <source>Why? They read it.</source>
        <translation>理由（对方会看到）</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Delete what they wrote lately</source>
        <translation>同时删除此人最近的消息</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>SanctionForm</name>
    <message>
        <source>What</source>
        <translation>处罚</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>禁言</translation>
    </message>
    <message>
        <source>Ban</source>
        <translation>封禁</translation>
    </message>
    <message>
        <source>Only in the room %1</source>
        <translation>仅在房间 %1</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>In the whole house</source>
        <translation>全站</translation>
    </message>
    <message>
        <source>How long</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Reason: the user sees it</source>
        <translation>原因（对方会看到）</translation>
    </message>
    <message>
        <source>Mute %1</source>
        <translation>禁言 %1</translation>
    </message>
    <message>
        <source>Ban %1</source>
        <translation>封禁 %1</translation>
    </message>
    <message>
        <source>Mute or ban %1</source>
        <translation>禁言或封禁 %1</translation>
    </message>
    <message>
        <source>Impose it</source>
        <translation>执行</translation>
    </message>
</context>
<context>
    <name>Sanctions</name>
    <message>
        <source>Muted</source>
        <translation>禁言</translation>
    </message>
    <message>
        <source>Kicked out</source>
        <translation>请出</translation>
    </message>
    <message>
        <source>Banned</source>
        <translation>封禁</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 分钟</translation>
    </message>
    <message>
        <source>10 minutes</source>
        <translation>10 分钟</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 天</translation>
    </message>
    <message>
        <source>1 week</source>
        <translation>1 周</translation>
    </message>
    <message>
        <source>For ever</source>
        <translation>永久</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1 天</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 天 %2 小时</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分钟</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
</context>
<context>
    <name>SanctionsPanel</name>
    <message>
        <source>Sanctions</source>
        <translation>处罚</translation>
    </message>
    <message>
        <source>Shown: %1</source>
        <translation>显示 %1 条</translation>
    </message>
    <message>
        <source>Nobody is muted or banned here.</source>
        <translation>没有人被禁言或封禁。</translation>
    </message>
    <message>
        <source>What stands now. To mute or ban somebody in the whole house, choose them under Users, or decide a report.</source>
        <translation>这里是生效中的处罚。要在全站禁言或封禁某人，请在“用户”里选中他，或直接处理举报。</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>By</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>开始于</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>剩余</translation>
    </message>
    <message>
        <source>Where they hold</source>
        <translation>生效范围</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>全部范围</translation>
    </message>
    <message>
        <source>In the whole house</source>
        <translation>全站</translation>
    </message>
    <message>
        <source>In single rooms</source>
        <translation>单个房间</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <source>Lift it</source>
        <translation>解除</translation>
    </message>
    <message>
        <source>The relay itself</source>
        <translation>系统自动</translation>
    </message>
    <message>
        <source>A room</source>
        <translation>某个房间</translation>
    </message>
    <message>
        <source>The whole house</source>
        <translation>全站</translation>
    </message>
    <message>
        <source>It is lifted.</source>
        <translation>已解除。</translation>
    </message>
</context>
<context>
    <name>SettingsCard</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Settings of the relay</source>
        <translation>服务器设置</translation>
    </message>
    <message>
        <source>Changed by %1 on %2.</source>
        <translation>%1 于 %2 修改。</translation>
    </message>
</context>
<context>
    <name>SettingsPanel</name>
    <message>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
    <message>
        <source>It is done at the relay&apos;s next start.</source>
        <translation>下次启动服务器时恢复。</translation>
    </message>
    <message>
        <source>Nothing is restored.</source>
        <translation>已取消恢复。</translation>
    </message>
    <message>
        <source>The backup is deleted.</source>
        <translation>备份已删除。</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>SharePanel</name>
    <message>
        <source>Invite others</source>
        <translation>邀请别人</translation>
    </message>
    <message>
        <source>Whoever is in your network opens Livehouse and joins with this link.</source>
        <translation>同一网络里的人打开 Livehouse，用这个链接就能加入。</translation>
    </message>
    <message>
        <source>Invite link</source>
        <translation>邀请链接</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Make a new link; the old one ends</source>
        <translation>生成新链接，旧链接失效</translation>
    </message>
    <message>
        <source>Invite link as a QR code</source>
        <translation>邀请链接的二维码</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>ShortCount</name>
    <message>
        <source>k</source>
        <translation>万</translation>
    </message>
</context>
<context>
    <name>ShortcutsSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Show or hide this sheet</source>
        <translation>显示或隐藏此表</translation>
    </message>
    <message>
        <source>Go to a page</source>
        <translation>切换页面</translation>
    </message>
    <message>
        <source>Go to the next control</source>
        <translation>移到下一个控件</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Pause the picture</source>
        <translation>暂停画面</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
    <message>
        <source>Danmaku on or off</source>
        <translation>弹幕开关</translation>
    </message>
    <message>
        <source>Send hearts</source>
        <translation>送爱心</translation>
    </message>
    <message>
        <source>Write a message</source>
        <translation>写消息</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
</context>
<context>
    <name>SourcesPanel</name>
    <message>
        <source>{0} ({1} ms)</source>
        <translation>{0}（{1} 毫秒）</translation>
    </message>
    <message>
        <source>The middle of the picture and what moves there stay sharp.</source>
        <translation>画面中央和其中移动的部分保持清晰。</translation>
    </message>
    <message>
        <source>Choose a source here or in the picture to move or change it.</source>
        <translation>在列表或画面中选中来源，即可移动或修改。</translation>
    </message>
    <message>
        <source>No source yet: add a camera, a screen, a file or a text.</source>
        <translation>还没有来源：添加摄像头、屏幕、文件或文字。</translation>
    </message>
    <message>
        <source>Add source</source>
        <translation>添加来源</translation>
    </message>
    <message>
        <source>Sources, the topmost first</source>
        <translation>来源，最上层在前</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>Nearer</source>
        <translation>上移一层</translation>
    </message>
    <message>
        <source>Further back</source>
        <translation>下移一层</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>No signal: {0}</source>
        <translation>无信号：{0}</translation>
    </message>
    <message>
        <source>Missing: {0}</source>
        <translation>未找到：{0}</translation>
    </message>
</context>
<context>
    <name>StageWords</name>
    <message>
        <source>No sound: no output device was found. The picture goes on without.</source>
        <translation>没有声音：找不到输出设备，画面照常播放。</translation>
    </message>
    <message>
        <source>%1 is not there: the sound comes from the system&apos;s default until it is back.</source>
        <translation>找不到 %1：声音暂由系统默认设备播放，接回后自动恢复。</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Waiting for the picture</source>
        <translation>正在等待画面</translation>
    </message>
    <message>
        <source>No room chosen</source>
        <translation>还没有选择房间</translation>
    </message>
    <message>
        <source>Pick one in Discover, or go live yourself in Studio.</source>
        <translation>在“发现”里挑一个，或到“演播室”自己开播。</translation>
    </message>
    <message>
        <source>Joining the room</source>
        <translation>正在进入房间</translation>
    </message>
    <message>
        <source>Not live yet</source>
        <translation>尚未开播</translation>
    </message>
    <message>
        <source>The picture starts by itself. The chat is open.</source>
        <translation>开播后画面会自动出现，现在可以聊天。</translation>
    </message>
    <message>
        <source>Waiting for the first picture</source>
        <translation>正在等待第一帧画面</translation>
    </message>
    <message>
        <source>The host will be right back</source>
        <translation>主播马上回来</translation>
    </message>
    <message>
        <source>The broadcast goes on by itself. Stay as you are.</source>
        <translation>直播会自动继续，不用做任何操作。</translation>
    </message>
    <message>
        <source>Host away</source>
        <translation>主播暂时离开</translation>
    </message>
    <message>
        <source>The connection to the relay is lost</source>
        <translation>与服务器的连接已中断</translation>
    </message>
    <message>
        <source>Trying again by itself. You need not do anything.</source>
        <translation>正在自动重试，无需操作。</translation>
    </message>
    <message>
        <source>No connection</source>
        <translation>连接中断</translation>
    </message>
    <message>
        <source>Sound only</source>
        <translation>仅声音</translation>
    </message>
    <message>
        <source>Choose a picture under Quality to watch again.</source>
        <translation>在“画质”中选择画面即可继续观看。</translation>
    </message>
    <message>
        <source>Sound only for now</source>
        <translation>暂时仅有声音</translation>
    </message>
    <message>
        <source>Your connection is too slow for a picture. It comes back by itself.</source>
        <translation>网络太慢，无法播放画面，恢复后会自动回来。</translation>
    </message>
    <message>
        <source>This room does not exist any more</source>
        <translation>这个房间已不存在</translation>
    </message>
    <message>
        <source>This room needs a passphrase</source>
        <translation>这个房间需要口令</translation>
    </message>
    <message>
        <source>This room is by invitation only</source>
        <translation>这个房间只接受邀请</translation>
    </message>
    <message>
        <source>This room has been closed</source>
        <translation>这个房间已关闭</translation>
    </message>
    <message>
        <source>You were removed from this room</source>
        <translation>你已被请出本房间</translation>
    </message>
    <message>
        <source>You are banned from this room</source>
        <translation>你已被本房间封禁</translation>
    </message>
    <message>
        <source>You cannot enter this room</source>
        <translation>你不能进入这个房间</translation>
    </message>
    <message>
        <source>Its link may be old. Ask for a new one.</source>
        <translation>链接可能已失效，请向主播要一个新的。</translation>
    </message>
    <message>
        <source>The host has it. Type it below the picture.</source>
        <translation>向主播询问口令，在下方输入。</translation>
    </message>
    <message>
        <source>Ask the host for an invite link and open it here.</source>
        <translation>请向主播索取邀请链接，在这里打开。</translation>
    </message>
    <message>
        <source>Other rooms are open: look in Discover.</source>
        <translation>可以到“发现”里看看其他房间。</translation>
    </message>
    <message>
        <source>The host did not come back in time.</source>
        <translation>主播没有及时回来。</translation>
    </message>
    <message>
        <source>The room was closed.</source>
        <translation>房间已关闭。</translation>
    </message>
    <message>
        <source>The relay was stopped.</source>
        <translation>服务器已停止。</translation>
    </message>
    <message>
        <source>Another broadcast took its place.</source>
        <translation>已被另一场直播取代。</translation>
    </message>
    <message>
        <source>Thanks for watching. The next one starts here by itself.</source>
        <translation>感谢观看，下一场会在这里自动开始。</translation>
    </message>
    <message>
        <source>The broadcast has ended</source>
        <translation>直播已结束</translation>
    </message>
    <message>
        <source>Latency {a} ms, held back {b} ms, buffer {c} ms</source>
        <translation>延迟 {a} 毫秒，目标 {b} 毫秒，缓冲 {c} 毫秒</translation>
    </message>
    <message>
        <source>Pictures {a} a second, {b} shown, {c} dropped</source>
        <translation>每秒 {a} 帧，已显示 {b} 帧，丢弃 {c} 帧</translation>
    </message>
    <message>
        <source>Received {a}, round trip {b} ms, jitter {c} ms</source>
        <translation>已接收 {a}，往返 {b} 毫秒，抖动 {c} 毫秒</translation>
    </message>
    <message>
        <source>Sound and picture {a} ms apart, decoding {b} ms</source>
        <translation>音画相差 {a} 毫秒，解码 {b} 毫秒</translation>
    </message>
    <message>
        <source>Stalls {a}, reconnects {b}, left out by the relay {c}</source>
        <translation>卡顿 {a} 次，重连 {b} 次，服务器略过 {c} 帧</translation>
    </message>
    <message>
        <source>Danmaku hidden for lack of room: {a}</source>
        <translation>因空间不足隐藏的弹幕：{a}</translation>
    </message>
</context>
<context>
    <name>StatementList</name>
    <message>
        <source>Statement</source>
        <translation>账单</translation>
    </message>
</context>
<context>
    <name>StorageCard</name>
    <message>
        <source>Database: %1 · free on the disk: %2 of %3</source>
        <translation>数据库：%1 · 磁盘可用：%2 / %3</translation>
    </message>
    <message>
        <source>At the next start of the relay %1 takes the database&apos;s place.</source>
        <translation>下次启动服务器时，将用 %1 替换数据库。</translation>
    </message>
    <message>
        <source>Storage and backups</source>
        <translation>存储和备份</translation>
    </message>
    <message>
        <source>How full the disk is</source>
        <translation>磁盘使用情况</translation>
    </message>
    <message>
        <source>How far the backup is</source>
        <translation>备份进度</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>立即备份</translation>
    </message>
    <message>
        <source>Check the database</source>
        <translation>检查数据库</translation>
    </message>
    <message>
        <source>Restore at the next start…</source>
        <translation>下次启动时恢复…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Do not restore</source>
        <translation>取消恢复</translation>
    </message>
    <message>
        <source>Folder: %1</source>
        <translation>文件夹：%1</translation>
    </message>
    <message>
        <source>PostgreSQL: back it up with pg_dump.</source>
        <translation>PostgreSQL：请用 pg_dump 备份。</translation>
    </message>
    <message>
        <source>Backing up…</source>
        <translation>正在备份…</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>正在检查…</translation>
    </message>
    <message>
        <source>%1: the backup is made.</source>
        <translation>%1：备份完成。</translation>
    </message>
    <message>
        <source>%1: the database is sound.</source>
        <translation>%1：数据库完好。</translation>
    </message>
    <message>
        <source>%1: the backup failed: %2</source>
        <translation>%1：备份失败：%2</translation>
    </message>
    <message>
        <source>%1: the check found: %2</source>
        <translation>%1：检查发现：%2</translation>
    </message>
    <message>
        <source>Put %1 in the database&apos;s place at the relay&apos;s next start? What happened since is gone from the house then; the present database is kept as one more backup.</source>
        <translation>下次启动服务器时用 %1 替换数据库吗？备份之后发生的一切都会消失；现在的数据库会另存为一份备份。</translation>
    </message>
    <message>
        <source>Prepare it</source>
        <translation>准备恢复</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Delete the backup %1?</source>
        <translation>删除备份 %1 吗？</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
</context>
<context>
    <name>Streams</name>
    <message>
        <source>Switched off</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>Begins with the broadcast</source>
        <translation>开播后开始</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>正在连接…</translation>
    </message>
    <message>
        <source>Live, {rate} Mbit/s</source>
        <translation>推流中，{rate} Mbit/s</translation>
    </message>
    <message>
        <source>{count} pictures lost</source>
        <translation>丢失 {count} 帧</translation>
    </message>
    <message>
        <source>trying again</source>
        <translation>正在重试</translation>
    </message>
    <message>
        <source>OBS or another program sends the picture instead of Studio.</source>
        <translation>由 OBS 等软件代替演播室提供画面。</translation>
    </message>
    <message>
        <source>Waiting. In OBS: Settings, Stream, Custom, then Start Streaming.</source>
        <translation>等待中。在 OBS 里：设置 → 直播 → 自定义，然后开始直播。</translation>
    </message>
    <message>
        <source>On air: the room sees what OBS sends.</source>
        <translation>直播中：房间里看到的是 OBS 的画面。</translation>
    </message>
    <message>
        <source>The connection broke off. The room waits for it.</source>
        <translation>连接中断，房间正在等它回来。</translation>
    </message>
    <message>
        <source>As in the room</source>
        <translation>与房间相同</translation>
    </message>
    <message>
        <source>Wide, 16:9</source>
        <translation>横屏 16:9</translation>
    </message>
    <message>
        <source>Upright, 9:16: the middle</source>
        <translation>竖屏 9:16（取中间）</translation>
    </message>
    <message>
        <source>{first}, {second}</source>
        <translation>{first}，{second}</translation>
    </message>
    <message>
        <source>The server cannot be reached</source>
        <translation>连不上服务器</translation>
    </message>
    <message>
        <source>The server does not answer</source>
        <translation>服务器没有回应</translation>
    </message>
    <message>
        <source>The server takes too little</source>
        <translation>服务器接收太慢</translation>
    </message>
    <message>
        <source>The server ended the connection</source>
        <translation>服务器断开了连接</translation>
    </message>
    <message>
        <source>Refused: check the stream key</source>
        <translation>被拒绝：请检查推流密钥</translation>
    </message>
    <message>
        <source>It takes H.264 only</source>
        <translation>只支持 H.264</translation>
    </message>
    <message>
        <source>This computer cannot encode for it</source>
        <translation>这台电脑无法为它编码</translation>
    </message>
    <message>
        <source>The server does not speak RTMP</source>
        <translation>服务器不支持 RTMP</translation>
    </message>
</context>
<context>
    <name>StreamsPanel</name>
    <message>
        <source>Also stream to</source>
        <translation>同时推流到</translation>
    </message>
    <message>
        <source>Services that get the same picture and sound by RTMP.</source>
        <translation>通过 RTMP 收到同样画面和声音的平台。</translation>
    </message>
    <message>
        <source>Add a service</source>
        <translation>添加平台</translation>
    </message>
    <message>
        <source>Stream from OBS</source>
        <translation>用 OBS 推流</translation>
    </message>
    <message>
        <source>Make a new key</source>
        <translation>换一个密钥</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Copy the server</source>
        <translation>复制服务器地址</translation>
    </message>
    <message>
        <source>Stream key</source>
        <translation>推流密钥</translation>
    </message>
    <message>
        <source>Copy the stream key</source>
        <translation>复制推流密钥</translation>
    </message>
    <message>
        <source>Wait for OBS</source>
        <translation>等待 OBS</translation>
    </message>
    <message>
        <source>End the broadcast from OBS</source>
        <translation>结束 OBS 直播</translation>
    </message>
    <message>
        <source>Stop waiting</source>
        <translation>停止等待</translation>
    </message>
</context>
<context>
    <name>Studio</name>
    <message>
        <source>Camera</source>
        <translation>摄像头</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>屏幕</translation>
    </message>
    <message>
        <source>Screen + camera</source>
        <translation>屏幕 + 摄像头</translation>
    </message>
    <message>
        <source>Slides</source>
        <translation>幻灯片</translation>
    </message>
    <message>
        <source>Media file</source>
        <translation>媒体文件</translation>
    </message>
    <message>
        <source>Network stream</source>
        <translation>网络流</translation>
    </message>
    <message>
        <source>Test card</source>
        <translation>测试图</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>Smooth skin</source>
        <translation>磨皮</translation>
    </message>
    <message>
        <source>Green screen</source>
        <translation>绿幕</translation>
    </message>
    <message>
        <source>Blur background</source>
        <translation>背景虚化</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Encoder</source>
        <translation>编码器</translation>
    </message>
    <message>
        <source>Relay</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Add a source or choose a layout</source>
        <translation>请添加来源或选择布局</translation>
    </message>
    <message>
        <source>Nothing is heard: viewers get silence</source>
        <translation>没有声音：观众听到的是静音</translation>
    </message>
    <message>
        <source>No H.264 encoder works here</source>
        <translation>本机没有可用的 H.264 编码器</translation>
    </message>
    <message>
        <source>Not connected: going live starts one here</source>
        <translation>未连接：开播时会在本机启动</translation>
    </message>
    <message>
        <source>{0} is unplugged: viewers get silence</source>
        <translation>“{0}”已拔出，观众会听到静音</translation>
    </message>
    <message>
        <source>{0} is muted</source>
        <translation>“{0}”已静音</translation>
    </message>
    <message>
        <source>{0} is held mute</source>
        <translation>“{0}”正按住静音</translation>
    </message>
    <message>
        <source>{0} hears nothing: speak, or raise it</source>
        <translation>“{0}”没有声音：说句话，或调高增益</translation>
    </message>
    <message>
        <source>The microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>{0} cannot be played: it is no video, damaged or gone. Choose another.</source>
        <translation>无法播放 {0}：它不是视频、已损坏或已不存在，请换一个。</translation>
    </message>
    <message>
        <source>{0} cannot be shown: it is no picture, too large or gone. Choose another.</source>
        <translation>无法显示 {0}：它不是图片、尺寸过大或已不存在，请换一张。</translation>
    </message>
    <message>
        <source>{0} gives no picture. Is the address right, and is it on?</source>
        <translation>{0} 没有画面。请确认地址无误、对方已开启。</translation>
    </message>
    <message>
        <source>Something in the studio failed.</source>
        <translation>演播室里有东西出错了。</translation>
    </message>
    <message>
        <source>{0} gives nothing any more. It is tried again every second.</source>
        <translation>“{0}”没有信号了，每秒都会重试。</translation>
    </message>
    <message>
        <source>{0} is back.</source>
        <translation>“{0}”恢复了。</translation>
    </message>
    <message>
        <source>A part of {0} is damaged and was left out.</source>
        <translation>“{0}”有一段损坏，已跳过。</translation>
    </message>
    <message>
        <source>{0} had fallen behind and goes on from now.</source>
        <translation>“{0}”落后了，从现在继续。</translation>
    </message>
    <message>
        <source>{0} has played to its end.</source>
        <translation>“{0}”已播放完。</translation>
    </message>
    <message>
        <source>The encoder {0} failed. Another one goes on.</source>
        <translation>编码器 {0} 出错，已换用另一个。</translation>
    </message>
    <message>
        <source>The second connection, from {0}, is open.</source>
        <translation>第二条线路（{0}）已接通。</translation>
    </message>
    <message>
        <source>The second connection, from {0}, does not reach the relay. It is tried again.</source>
        <translation>第二条线路（{0}）连不到服务器，正在重试。</translation>
    </message>
    <message>
        <source>No encoder works any more for one of the qualities.</source>
        <translation>有一个清晰度没有可用的编码器了。</translation>
    </message>
    <message>
        <source>All is well.</source>
        <translation>一切正常。</translation>
    </message>
    <message>
        <source>Only you see this. Nothing is sent yet.</source>
        <translation>只有你能看到，还没有发送任何内容。</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>请稍候…</translation>
    </message>
    <message>
        <source>Your uplink is too slow: pictures are being left out. Close other uploads.</source>
        <translation>你的上行网络太慢，正在丢帧。请停止其他上传。</translation>
    </message>
    <message>
        <source>Your encoder cannot keep up: close other programs.</source>
        <translation>你的编码器跟不上，请关闭其他程序。</translation>
    </message>
    <message>
        <source>This computer cannot paint your scene in time: switch filters off, close programs.</source>
        <translation>这台电脑来不及合成画面：请关闭滤镜或其他程序。</translation>
    </message>
    <message>
        <source>Sound is being lost on this computer: close other programs.</source>
        <translation>本机正在丢失声音，请关闭其他程序。</translation>
    </message>
    <message>
        <source>This computer is too busy to send in time: close other programs, use fewer sources or qualities.</source>
        <translation>这台电脑太忙，来不及发送：请关闭其他程序，减少来源或清晰度。</translation>
    </message>
    <message>
        <source>The relay is slow to answer.</source>
        <translation>服务器应答缓慢。</translation>
    </message>
    <message>
        <source>The relay cannot be reached. Trying again; your broadcast is kept.</source>
        <translation>连接不上服务器，正在重试，直播会保留。</translation>
    </message>
    <message>
        <source>A source gives no picture:</source>
        <translation>有来源没有画面：</translation>
    </message>
    <message>
        <source>Your uplink is narrow: {rate} of {cap} Mbit/s, best picture {height}p.</source>
        <translation>上行网络变窄：{rate}／{cap} Mbit/s，最高 {height}p。</translation>
    </message>
    <message>
        <source>Back to full quality step by step: {rate} of {cap} Mbit/s, {height}p.</source>
        <translation>正在逐步恢复画质：{rate}／{cap} Mbit/s，{height}p。</translation>
    </message>
    <message>
        <source>This computer is too busy for all qualities: {sent} of {chosen} are sent.</source>
        <translation>这台电脑太忙，无法编码全部清晰度：正在发送 {chosen} 种中的 {sent} 种。</translation>
    </message>
    <message>
        <source>This computer is too slow for all qualities: it sends {0}.</source>
        <translation>这台电脑编码不了全部清晰度，将发送 {0}。</translation>
    </message>
    <message>
        <source>This computer manages {0} at once.</source>
        <translation>这台电脑可以同时编码 {0}。</translation>
    </message>
    <message>
        <source>This computer is too slow for several qualities: it sends {0}.</source>
        <translation>这台电脑编码不了多种清晰度，将发送 {0}。</translation>
    </message>
</context>
<context>
    <name>StudioChat</name>
    <message>
        <source>What is said in your room appears here.</source>
        <translation>你房间里的发言会出现在这里。</translation>
    </message>
    <message>
        <source>Poll…</source>
        <translation>投票…</translation>
    </message>
    <message>
        <source>Lucky draw…</source>
        <translation>抽奖…</translation>
    </message>
    <message>
        <source>Say something</source>
        <translation>说点什么</translation>
    </message>
</context>
<context>
    <name>StudioHead</name>
    <message>
        <source>Studio</source>
        <translation>演播室</translation>
    </message>
    <message>
        <source>Not live</source>
        <translation>未开播</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在开始…</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>直播中</translation>
    </message>
    <message>
        <source>Reconnecting…</source>
        <translation>正在重连…</translation>
    </message>
    <message>
        <source>Ending…</source>
        <translation>正在结束…</translation>
    </message>
    <message>
        <source>Hearts: {0}</source>
        <translation>爱心：{0}</translation>
    </message>
    <message numerus="yes">
        <source>%n watching</source>
        <translation>
            <numerusform>%n 人观看</numerusform>
        </translation>
    </message>
    <message>
        <source>Share</source>
        <translation>分享</translation>
    </message>
    <message>
        <source>Invite others by a link or a code</source>
        <translation>用链接或二维码邀请别人</translation>
    </message>
</context>
<context>
    <name>StudioPage</name>
    <message>
        <source>Studio</source>
        <translation>演播室</translation>
    </message>
    <message>
        <source>You are live. End the broadcast and close?</source>
        <translation>正在直播。要结束直播并关闭吗？</translation>
    </message>
    <message>
        <source>Layout: {0}</source>
        <translation>布局：{0}</translation>
    </message>
    <message>
        <source>Preview. Arrow keys move the chosen source, with Shift they resize it.</source>
        <translation>预览。方向键移动所选来源，按住 Shift 调整大小。</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Thanks</source>
        <translation>答谢</translation>
    </message>
    <message>
        <source>Reconnect now</source>
        <translation>立即重连</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>聊天</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>房间</translation>
    </message>
    <message>
        <source>Go live</source>
        <translation>开始直播</translation>
    </message>
    <message>
        <source>Click again to end</source>
        <translation>再次点击结束</translation>
    </message>
    <message>
        <source>End the broadcast</source>
        <translation>结束直播</translation>
    </message>
</context>
<context>
    <name>TargetDialog</name>
    <message>
        <source>Also stream to</source>
        <translation>同时推流到</translation>
    </message>
    <message>
        <source>Change the service</source>
        <translation>修改平台</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Stream key</source>
        <translation>推流密钥</translation>
    </message>
    <message>
        <source>Unchanged</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>Server and key stand on the service&apos;s page for streaming with OBS.</source>
        <translation>服务器和密钥都在平台的 OBS 推流页面上。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
</context>
<context>
    <name>TasteCard</name>
    <message>
        <source>What is recommended to you, and why</source>
        <translation>为你推荐什么，为什么</translation>
    </message>
    <message>
        <source>Interests that you chose</source>
        <translation>你选择的兴趣</translation>
    </message>
    <message>
        <source>Streamers you like</source>
        <translation>你喜欢的主播</translation>
    </message>
    <message>
        <source>Categories you like</source>
        <translation>你喜欢的分类</translation>
    </message>
    <message>
        <source>Never recommended</source>
        <translation>不再推荐</translation>
    </message>
    <message>
        <source>Forget everything…</source>
        <translation>全部忘记…</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>停止记录</translation>
    </message>
    <message>
        <source>Record what I watch</source>
        <translation>记录我的观看</translation>
    </message>
    <message>
        <source>Show again</source>
        <translation>恢复推荐</translation>
    </message>
    <message>
        <source>Recommend {0} again</source>
        <translation>恢复推荐 {0}</translation>
    </message>
    <message>
        <source>Asking the relay what it believes…</source>
        <translation>正在询问服务器了解到什么…</translation>
    </message>
    <message>
        <source>Nothing that you watch is recorded. You see what all like at this time.</source>
        <translation>你的观看没有被记录，看到的是大家现在都喜欢的。</translation>
    </message>
    <message>
        <source>Nothing is believed of you yet. Watch something for a minute, and it shows here.</source>
        <translation>还不了解你的口味。看上一分钟，这里就会有内容。</translation>
    </message>
    <message>
        <source>Learned from your visits, on this relay only: {0}. Your own taste makes {1} % of the order in Discover; the rest is what all like.</source>
        <translation>来自你的 {0} 次观看，只留在这台服务器上。“发现”的排序有 {1} % 来自你的口味，其余是大家都喜欢的。</translation>
    </message>
    <message>
        <source>Forget all that was recorded of what you watch, your corrections and your interests? Streamers that you hid stay hidden. This cannot be undone.</source>
        <translation>要忘掉所有观看记录、你的修改和你选择的兴趣吗？你隐藏的主播会继续隐藏。此操作无法撤销。</translation>
    </message>
    <message>
        <source>Forget everything</source>
        <translation>全部忘记</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>TasteRow</name>
    <message>
        <source>More of it</source>
        <translation>多推荐</translation>
    </message>
    <message>
        <source>As learned</source>
        <translation>照常</translation>
    </message>
    <message>
        <source>Less of it</source>
        <translation>少推荐</translation>
    </message>
    <message>
        <source>Forget it</source>
        <translation>忘记</translation>
    </message>
    <message>
        <source>How much of {0}</source>
        <translation>{0} 推荐多少</translation>
    </message>
</context>
<context>
    <name>ThanksPanel</name>
    <message>
        <source>What viewers give you appears here, to thank them by name.</source>
        <translation>观众送你的礼物会出现在这里，方便你点名感谢。</translation>
    </message>
    <message>
        <source>Gifts received</source>
        <translation>收到的礼物</translation>
    </message>
    <message>
        <source>You have {beans}</source>
        <translation>现有 {beans}</translation>
    </message>
</context>
<context>
    <name>UserDetails</name>
    <message>
        <source>Nobody is chosen</source>
        <translation>还没选用户</translation>
    </message>
    <message>
        <source>Choose a user to see devices, rooms and purse.</source>
        <translation>选一个用户，查看设备、房间和钱包。</translation>
    </message>
    <message>
        <source>Give coins…</source>
        <translation>发放金币…</translation>
    </message>
    <message>
        <source>New password…</source>
        <translation>重设密码…</translation>
    </message>
    <message>
        <source>Mute or ban…</source>
        <translation>禁言或封禁…</translation>
    </message>
    <message>
        <source>Admin no longer…</source>
        <translation>取消管理员…</translation>
    </message>
    <message>
        <source>Make admin…</source>
        <translation>设为管理员…</translation>
    </message>
    <message>
        <source>Log out everywhere…</source>
        <translation>全部退出登录…</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Rooms</source>
        <translation>房间</translation>
    </message>
    <message>
        <source>Purse, the last movements</source>
        <translation>钱包最近明细</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Here since %1</source>
        <translation>注册于 %1</translation>
    </message>
    <message>
        <source>Coins: %1 · beans: %2</source>
        <translation>金币：%1 · 金豆：%2</translation>
    </message>
    <message>
        <source>Spent today: %1 · in 30 days: %2</source>
        <translation>今天花费：%1 · 30 天：%2</translation>
    </message>
    <message>
        <source>A device without a name</source>
        <translation>未命名的设备</translation>
    </message>
    <message>
        <source>This device</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Log out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>Log out %1</source>
        <translation>让 %1 退出登录</translation>
    </message>
    <message>
        <source>That device is logged out.</source>
        <translation>该设备已退出登录。</translation>
    </message>
    <message>
        <source>Give back</source>
        <translation>退回</translation>
    </message>
    <message>
        <source>Give back: %1</source>
        <translation>退回：%1</translation>
    </message>
    <message>
        <source>The coins went back.</source>
        <translation>金币已退还。</translation>
    </message>
    <message>
        <source>Give coins</source>
        <translation>发放金币</translation>
    </message>
    <message>
        <source>Give</source>
        <translation>发放</translation>
    </message>
    <message>
        <source>Coins</source>
        <translation>金币</translation>
    </message>
    <message>
        <source>What for: it stands on the statement</source>
        <translation>用途，会写在明细里</translation>
    </message>
    <message>
        <source>The coins are given.</source>
        <translation>金币已发放。</translation>
    </message>
    <message>
        <source>Make a secret for a new password? You hand it over yourself; it works once and for a day. The old password stays good until then.</source>
        <translation>生成重设密码的密钥吗？由你亲自转交，只能用一次，一天内有效。在此之前旧密码仍可使用。</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>The secret for a new password</source>
        <translation>重设密码的密钥</translation>
    </message>
    <message>
        <source>Copy it</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>It is shown this once. With it the user logs in on the page Me: “I have a secret for a new password”.</source>
        <translation>只显示这一次。用户在“我的”页点“我有重设密码的密钥”即可登录。</translation>
    </message>
    <message>
        <source>Secret</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>It is imposed.</source>
        <translation>已执行。</translation>
    </message>
    <message>
        <source>Take the role of an admin away? This page closes for them at once.</source>
        <translation>取消管理员身份吗？对方会立刻看不到这个页面。</translation>
    </message>
    <message>
        <source>Make this user an admin? Admins see and change everything in this house, other admins too.</source>
        <translation>设为管理员吗？管理员能查看和修改这里的一切，包括其他管理员。</translation>
    </message>
    <message>
        <source>Take it away</source>
        <translation>取消身份</translation>
    </message>
    <message>
        <source>Make admin</source>
        <translation>设为管理员</translation>
    </message>
    <message>
        <source>The role is changed.</source>
        <translation>身份已变更。</translation>
    </message>
    <message>
        <source>Log this user out on all devices? What they stream ends.</source>
        <translation>让该用户在所有设备上退出登录吗？正在进行的直播会结束。</translation>
    </message>
    <message>
        <source>All devices are logged out.</source>
        <translation>所有设备均已退出登录。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>UsersPanel</name>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>%1 of %2 users shown</source>
        <translation>显示 %1 / %2 个用户</translation>
    </message>
    <message>
        <source>Search by name</source>
        <translation>按名字搜索</translation>
    </message>
    <message>
        <source>Search users</source>
        <translation>搜索用户</translation>
    </message>
    <message>
        <source>Which users</source>
        <translation>用户类型</translation>
    </message>
    <message>
        <source>All users</source>
        <translation>全部用户</translation>
    </message>
    <message>
        <source>Online</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>Admins</source>
        <translation>管理员</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名字</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>最近在线</translation>
    </message>
    <message>
        <source>Rooms</source>
        <translation>房间</translation>
    </message>
    <message>
        <source>Coins</source>
        <translation>金币</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <source>Admin</source>
        <translation>管理员</translation>
    </message>
</context>
<context>
    <name>Wallet</name>
    <message>
        <source>Gift from {name}</source>
        <translation>{name} 送的礼物</translation>
    </message>
    <message>
        <source>Gift to {name}</source>
        <translation>送给 {name} 的礼物</translation>
    </message>
    <message>
        <source>Free coins of the day</source>
        <translation>每日免费金币</translation>
    </message>
    <message>
        <source>Earned by watching</source>
        <translation>观看奖励</translation>
    </message>
    <message>
        <source>Given by the house</source>
        <translation>管理员发放</translation>
    </message>
    <message>
        <source>Red packet sent</source>
        <translation>发出红包</translation>
    </message>
    <message>
        <source>Share of a red packet</source>
        <translation>抢到红包</translation>
    </message>
    <message>
        <source>Came back from a red packet</source>
        <translation>红包退还</translation>
    </message>
    <message>
        <source>Refund</source>
        <translation>退款</translation>
    </message>
    <message>
        <source>coins</source>
        <translation>金币</translation>
    </message>
    <message>
        <source>beans</source>
        <translation>金豆</translation>
    </message>
    <message>
        <source>left: {0}</source>
        <translation>余 {0}</translation>
    </message>
</context>
<context>
    <name>WalletCard</name>
    <message>
        <source>Wallet</source>
        <translation>钱包</translation>
    </message>
    <message>
        <source>Coins cost nothing: some are free each day, and watching earns more. Beans are what others gave in your own rooms.</source>
        <translation>金币不用花钱：每天可以免费领取，观看直播还能再得一些。金豆是别人在你的房间里送你的。</translation>
    </message>
    <message>
        <source>At most for one gift</source>
        <translation>单次送礼上限</translation>
    </message>
    <message>
        <source>At most in a day</source>
        <translation>每日上限</translation>
    </message>
    <message>
        <source>At most in a month</source>
        <translation>每月上限</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Save the limits</source>
        <translation>保存上限</translation>
    </message>
    <message>
        <source>Statement</source>
        <translation>账单</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <source>Take {coins}</source>
        <translation>领取 {coins}</translation>
    </message>
    <message>
        <source>Nothing more today</source>
        <translation>今天已领完</translation>
    </message>
    <message>
        <source>spent: {coins}</source>
        <translation>已花 {coins}</translation>
    </message>
</context>
<context>
    <name>WhyPopup</name>
    <message>
        <source>Why is this shown?</source>
        <translation>为什么推荐这个？</translation>
    </message>
    <message>
        <source>All that is believed</source>
        <translation>查看全部依据</translation>
    </message>
    <message>
        <source>Not interested</source>
        <translation>不感兴趣</translation>
    </message>
    <message>
        <source>Why is “{0}” shown?</source>
        <translation>为什么推荐“{0}”？</translation>
    </message>
    <message>
        <source>Nothing is known of guests: all of them see the same list.</source>
        <translation>访客没有任何记录，看到的列表都一样。</translation>
    </message>
    <message>
        <source>Nothing that you watch is recorded, as you wished.</source>
        <translation>按你的意愿，没有记录你的观看。</translation>
    </message>
    <message>
        <source>What counted most: {0}</source>
        <translation>主要依据：{0}</translation>
    </message>
    <message>
        <source>{0}: {1} % of your taste.</source>
        <translation>{0}：占你口味的 {1} %。</translation>
    </message>
    <message>
        <source>The category {0}: {1} % of your taste.</source>
        <translation>“{0}”分类：占你口味的 {1} %。</translation>
    </message>
    <message>
        <source>Your own taste makes {0} % of the order; the rest is what all like.</source>
        <translation>排序有 {0} % 来自你的口味，其余是大家都喜欢的。</translation>
    </message>
</context>
<context>
    <name>WordsPanel</name>
    <message>
        <source>Words</source>
        <translation>屏蔽词</translation>
    </message>
    <message>
        <source>No word has this in it.</source>
        <translation>没有包含它的词。</translation>
    </message>
    <message>
        <source>There are no words yet.</source>
        <translation>还没有屏蔽词。</translation>
    </message>
    <message>
        <source>%1 of %2 shown</source>
        <translation>显示 %1 / %2 个</translation>
    </message>
    <message>
        <source>Hits: %1</source>
        <translation>命中 %1</translation>
    </message>
    <message>
        <source>It would be shown.</source>
        <translation>会正常显示。</translation>
    </message>
    <message>
        <source>It would be held.</source>
        <translation>会先拦下等待审核。</translation>
    </message>
    <message>
        <source>It would be refused.</source>
        <translation>会被拒绝。</translation>
    </message>
    <message>
        <source>Met: %1</source>
        <translation>命中：%1</translation>
    </message>
    <message>
        <source>Read as: %1</source>
        <translation>识别为：%1</translation>
    </message>
    <message>
        <source>Import a file…</source>
        <translation>导入文件…</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试一试</translation>
    </message>
    <message>
        <source>Show more</source>
        <translation>显示更多</translation>
    </message>
    <message>
        <source>New word or phrase</source>
        <translation>新的词或短语</translation>
    </message>
    <message>
        <source>A message to try</source>
        <translation>输入一条消息试试</translation>
    </message>
    <message>
        <source>Search the words</source>
        <translation>搜索词表</translation>
    </message>
    <message>
        <source>What happens to a message with it</source>
        <translation>命中后怎么处理</translation>
    </message>
    <message>
        <source>Word</source>
        <translation>词</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>处理</translation>
    </message>
    <message>
        <source>Hits</source>
        <translation>命中</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Try-out</source>
        <translation>试用</translation>
    </message>
    <message>
        <source>Nothing</source>
        <translation>不处理</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>先审</translation>
    </message>
    <message>
        <source>Refuse</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>Links</source>
        <translation>链接</translation>
    </message>
    <message>
        <source>All in capitals</source>
        <translation>全大写</translation>
    </message>
    <message>
        <source>One person repeats</source>
        <translation>一人重复刷屏</translation>
    </message>
    <message>
        <source>Many say the same</source>
        <translation>多人刷同一句</translation>
    </message>
    <message>
        <source>A word of the list</source>
        <translation>屏蔽词</translation>
    </message>
    <message>
        <source>The room holds everything</source>
        <translation>房间先审后发</translation>
    </message>
    <message>
        <source>The word is added.</source>
        <translation>已添加。</translation>
    </message>
    <message>
        <source>The word is removed.</source>
        <translation>已移除。</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>已保存。</translation>
    </message>
    <message>
        <source>Import words, one a line</source>
        <translation>导入屏蔽词，一行一个</translation>
    </message>
    <message>
        <source>Text (*.txt *.csv)</source>
        <translation>文本 (*.txt *.csv)</translation>
    </message>
    <message>
        <source>%1 cannot be read. Is it still there, and are you allowed to read it?</source>
        <translation>无法读取 %1。请确认文件还在，并且你有权读取。</translation>
    </message>
    <message>
        <source>%1 is larger than 2 MB. Import it in several parts.</source>
        <translation>%1 超过 2 MB，请分成几份导入。</translation>
    </message>
    <message>
        <source>%1 is no text in UTF-8. Save it as such, and import it again.</source>
        <translation>%1 不是 UTF-8 编码的文本，请另存为 UTF-8 后再导入。</translation>
    </message>
    <message>
        <source>Added: %1 · changed: %2 · passed over: %3</source>
        <translation>新增 %1 · 修改 %2 · 跳过 %3</translation>
    </message>
</context>
<context>
    <name>_RoundDialog</name>
    <message>
        <source>Begin</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Open for</source>
        <translation>时长</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
</context>
<context>
    <name>_TargetRow</name>
    <message>
        <source>Stream to {0}</source>
        <translation>推流到 {0}</translation>
    </message>
    <message>
        <source>Try {0} now</source>
        <translation>立即重试 {0}</translation>
    </message>
    <message>
        <source>Change {0}</source>
        <translation>修改 {0}</translation>
    </message>
</context>
</TS>
