"""The Room page: stage, danmaku, chat and controls."""
