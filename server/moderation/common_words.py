"""Short words that stand side by side in ordinary English.

"the pen is" spells a listed word across a space, and so does "fu ck"; the first is made of nothing
but these. A longer list only makes words with a space in them harder to catch.
"""

from __future__ import annotations

from typing import Final

_COMMON: Final = """
a i ad add ago aid aim air all am an and any are arm art as ash ask at ate away baby back bad
bag ball bar base bath be bed bee been beer beg best bet big bin bird bit blow board boat body
book boot box boy bring bug bus but butt buy by cab cake call came can cap car card care case
cash cat chat check chip city class clean clip clock close club coat code cold come cook cool
cop copy cost cream cry cup cut dad dam damn day dear deck deep desk did die dig dim dip dirt do
dog door dot down draw drink drop dry due dump each ear east eat egg else end even ever ex eye
face fact fair fall fan far fast fat fear feed feel fell few file fill film find fine fire fish
fit fix flag flat flow fly fog food fool foot for form four free from full fun fur game gap gas
gate gave gear get gift girl give go god gold gone good got grab gray great grow gun guy had
hair half hall ham hand hang hard has hat have he head hear heat held hell help hen her here hey
hid high hill him hip his hit ho hold hole home hook hop hope horn horse host hot hour how hug
hung hurt ice if ill in inch ink is it its jam jar job jog join joke joy jump just keep kept key
kick kid kill kind king kiss knee knew know lab lack lad lady lake land last late law lay lead
leaf left leg less let lid lie life lift light like line lip list lit live load lock log long
look lord lose loss lost lot loud love low luck mad made mail main make man many map mark mass
master mate may me meal mean meat meet men mess met mid milk mind mine miss mix mob mode mom
moon more most mouth move much mud must my name near neck need net new next nice nick night no
nod none nor nose not note now nut oak odd of off oh oil ok old on once one only open or other
our out over own pack pad page paid pain pair pan part pass past pat path pay peak pen per pet
pick pie pig pin pit place plan play plug pop port pot pour pull pump push put rag ran rap rat
raw ray read real red rent rest rice rich ride right ring rip rise risk road rob rock role roll
roof room root rope rose row rub rule run rush sack sad safe said sail salt same sand sang sat
save saw say sea seat see seed seem seen sell send sent set shall she shed ship shoe shoot shop
short shot show shut sick side sigh sight sign sing sink sip sir sit size skill skin sky slip
slow snap snow so soap sock soft soil sold some son song soon sort soul sound soup spin spot
stand star start stay step stick still stone stop store such suit sum sun sure tab tail take
talk tall tank tap tape task tax tea team tell ten test than that the them then they thin thing
think this those tie till time tin tip tire tit to toe told tone too took tool top touch tour
town toy trap tree trip truck try tub turn twin two type under unit up upon us use very view
vote wait walk wall want war warm was wash watch water wave way we weak wear week well went were
west wet what wheel when where which while who whole whom why wide wife wild will win wind wine
wing wish with woke woman women won wood word work world worn would write yard year yes yet you
young your zero
"""

_SPELT: Final = """
adage anger bangle banana banana bandana became bench bending binge cancan canine china chinese
dating fangs female gangway gender hanging hangout hanger lance linen machine maiden mange
mango mangle manage manga manger menu mine minimum nanny none ninja panda pandas penguin pinball
ping pinging ranger romance sense shanghai shine siren tango tangle tinge tongue women xenon
yoga zen line lane nice line shake share she shuai china chang cheng lining dining pining fanfan
fancy benefit bike bite cage cake change chance date dine dude fade fane gene hike huge lake
lingo made make mane mate pane pine pile sage same sane shade shame shape tale tame tile time
wage wake wane banner manner minute mini dance lulu lala haha hehe nana papa mama baba dada
"""
COMMON_WORDS: Final = frozenset(_COMMON.split())
SPELT_LIKE_PINYIN: Final = frozenset(_SPELT.split())
"""English words that read as two syllables of pinyin or more."""
