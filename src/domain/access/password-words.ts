/**
 * The words of which the passwords are made that are tried first: those that people take most often, everywhere and in Japan and China.
 * With what `isGuessable` takes for the same (case, digits for letters, runs, years, a little added) each stands for thousands.
 */
export const commonWords: ReadonlySet<string> = new Set(
  `
password passwort passwd passcode passphrase passkey passw pass pwd motdepasse contrasena contraseña parola senha sifre haslo heslo
salasana losenord wachtwoord kennwort adgangskode parole pasuwado pasuwaado himitsu secret topsecret mysecret letmein letme openup
opensesame sesame welcome welcomeback willkommen bienvenue bienvenido youkoso yokoso huanying changeme changeit change pleasechange
changethis default initial temporary temp temporal access accessgranted admin admins administrator administrateur administrador
sysadmin superadmin netadmin root rootroot toor superuser super supervisor manager master masterkey mastermind user users username
guest guests public private demo test tests testing tester testtest testuser teste example sample nothing none null nopass nopassword
blank empty login logon logmein signin signup service services server servers system systems oracle cisco juniper ubuntu debian redhat
centos linux unix windows microsoft office outlook excel powerpoint azure google gmail chrome android apple iphone ipad macbook
macintosh samsung galaxy huawei xiaomi nokia motorola sony toshiba panasonic hitachi fujitsu lenovo thinkpad dell hewlett compaq
acer asus intel pentium nvidia radeon amazon facebook twitter instagram youtube linkedin myspace yahoo hotmail skype zoom slack
discord telegram whatsapp wechat weixin taobao alibaba tencent baidu paypal netflix spotify dropbox github gitlab docker kubernetes
jenkins tomcat apache nginx mysql mariadb postgres postgresql mongodb redis elastic wordpress drupal joomla vagrant ansible
raspberry arduino database datenbank backup security secure safe safety private confidential company business enterprise corporate
internet network computer computador ordinateur laptop desktop keyboard mouse monitor printer software hardware developer
development develop production staging support helpdesk engineer engineering office1 mailbox email mail webmail postmaster
webmaster hostmaster info contact sales marketing account accounts accounting finance personnel student teacher school college
university class education qwerty qwertyuiop qwert qwer qwe qwertz azerty asdfgh asdfghjkl asdf asd zxcvbn zxcvbnm zxcv zxc
qazwsx qazwsxedc wsxedc qweasd qweasdzxc asdzxc poiuyt lkjhgf mnbvcxz 1q2w3e 1q2w3e4r 1q2w3e4r5t q1w2e3 q1w2e3r4 q1w2e3r4t5
1qaz2wsx 1qazxsw2 zaq12wsx 1a2b3c 1a2b3c4d a1b2c3 a1b2c3d4 abc123 123abc 123qwe qwe123 123321 112233 123123 121212 131313
232323 147258 147258369 159753 258456 741852 741852963 789456 789456123 852456 951753 159357 357159 963852 142536 102030 101010
5201314 520520 1314520 woaini woaini1314 110110 114514 810114514 334334 8675309 007007 31415926 314159 271828 24681012 13579 135790
2468 02468 1029384756 6969 696969 80085 420420 12341234 123654 123789 321654 654321 987654 iloveyou iloveu loveyou loveme lovely
loveu love lover lovers loverboy lovergirl loveislove mylove truelove firstlove sweetlove babylove lovebug iloveme iloveit ilovegod
ihateyou iloveyou2 youandme foreverlove forever forever21 always together soulmate sweetheart sweetie sweet sweety sweets honey
honeybee honeybun darling dearest baby babyboy babygirl babydoll babe babes babyface princess princesa princesse prinzessin prince
queen king kings kingdom kinglove sunshine sunset sunrise sunny sunflower sunday moonlight moonshine moon moonstar star stars starlight
starfish shooting shootingstar rainbow rainbows raindrop rain snow snowflake snowball snowman snowwhite winter spring summer summertime
autumn fall january february march april may june july august september october november december monday tuesday wednesday thursday
friday saturday weekend holiday holidays vacation birthday happybirthday christmas xmas newyear halloween easter valentine
football footbal futbol fussball soccer baseball basketball volleyball softball handball hockey icehockey tennis tabletennis golf
golfer rugby cricket lacrosse swimming swimmer running runner wrestling boxing boxer karate judo kendo aikido sumo yakyu ninja
samurai shogun katana bushido champion champions winner victory victoria sports sport athlete olympic olympics player players
gamer gaming games game gameover playstation nintendo xbox sega pokemon pikachu charizard mewtwo zelda mario luigi supermario
donkeykong kirby sonic tetris minecraft fortnite roblox warcraft starcraft worldofwarcraft diablo overwatch leagueoflegends dota
counterstrike halflife halo callofduty battlefield doom quake fallout skyrim finalfantasy dragonquest monsterhunter splatoon
naruto sasuke sakura hinata kakashi itachi onepiece luffy zoro bleach ichigo dragonball goku vegeta gohan doraemon nobita
hellokitty kitty rilakkuma totoro ghibli evangelion gundam macross yugioh sailormoon conan detective kimetsu tanjiro nezuko
fullmetal alchemist deathnote lucifer gintama haikyuu inuyasha onepunch attackontitan shingeki anime manga otaku cosplay
starwars skywalker lukeskywalker darthvader vader yoda obiwan kenobi anakin jedi sith stormtrooper chewbacca hansolo startrek
enterprise spock kirk picard captain trustno trustnoone trustno1 matrix neo trinity morpheus terminator predator alien aliens
batman superman spiderman ironman hulk thor avengers avenger captainamerica wolverine deadpool xmen wonderwoman catwoman joker
robin gotham marvel harrypotter harry potter hermione hogwarts gryffindor slytherin hufflepuff ravenclaw dumbledore voldemort
frodo gandalf gollum legolas aragorn hobbit bilbo sauron mordor lordoftherings jamesbond bond007 goldfinger scarface godfather
rocky rambo titanic jaws godzilla kingkong gojira mothra jurassic indiana indianajones simpson simpsons homer bart southpark
cartman spongebob patrick scooby scoobydoo scooter garfield snoopy charlie charliebrown mickey mickeymouse minnie donald goofy
pluto disney disneyland tinkerbell bambi dumbo simba nemo dory shrek winnie pooh winniethepooh tigger piglet eeyore barbie
beatles metallica nirvana acdc slipknot korn greenday blink182 eminem slimshady linkinpark rammstein ironmaiden megadeth slayer
pantera sepultura guitar bass drums drummer piano violin music musica musik musique rock rocknroll rockstar rocker hiphop
rapper techno jazz blues metal heavymetal punk disco dancer dancing dance ballet singer song elvis presley madonna michael
jackson michaeljackson britney beyonce rihanna shakira ladygaga taylor swift taylorswift bieber justinbieber onedirection
blackpink bts bangtan exo arashi akb nogizaka morning musume babymetal utada ayumi hamasaki misia xjapan larc
dragon dragons reddragon blackdragon tiger tigers lion lions lionking panther panthers jaguar jaguars leopard cheetah cougar
wolf wolves wolfpack werewolf bear bears teddybear polarbear panda pandas koala kangaroo monkey monkeys gorilla elephant
giraffe zebra hippo rhino horse horses pony mustang stallion pegasus unicorn phoenix eagle eagles falcon falcons hawk hawks
raven ravens owl penguin penguins pigeon parrot peacock flamingo dolphin dolphins shark sharks whale orca turtle turtles frog froggy
snake cobra viper python anaconda lizard spider scorpion butterfly ladybug bumblebee bee ant bunny bunnies rabbit hamster
mouse rat squirrel fox foxes foxy coyote deer moose buffalo bulldog bulldogs puppy puppies dog dogs doggy doggie poodle beagle
labrador retriever rottweiler pitbull chihuahua husky shepherd cat cats kitten kittens kitty meow tomcat pussycat chicken
chickens rooster duck ducks goose turkey pig piggy cow cows bull bulls sheep goat fish fishing fisher fisherman goldfish salmon tuna
lobster shrimp crab octopus squid jellyfish seahorse mermaid animal animals pet pets inu neko tora usagi kuma saru tori sakana
apple apples banana bananas orange oranges lemon lemons lime cherry cherries berry strawberry blueberry raspberry blackberry
peach peaches pear grape grapes melon watermelon pineapple mango papaya coconut kiwi tomato potato potatoes onion garlic carrot
pumpkin cabbage broccoli pepper chili cheese cheeseburger hamburger burger pizza pasta spaghetti macaroni lasagna sandwich
hotdog sausage bacon steak chicken1 noodle noodles ramen udon soba sushi sashimi tempura tonkatsu onigiri takoyaki okonomiyaki
curry rice gohan1 bread butter cookie cookies cookie1 biscuit brownie cupcake cake cakes cheesecake chocolate chocolat candy
caramel vanilla icecream sugar spice cinnamon ginger mustard ketchup sauce salt water coffee espresso cappuccino latte mocha
tea greentea milk milkshake juice cola cocacola coke pepsi sprite fanta redbull monster beer heineken budweiser corona guinness
vodka whiskey jackdaniels tequila rum brandy wine champagne martini cocktail sake shochu drink drunk
red blue green yellow purple pink black white orange1 silver golden gold brown grey gray violet indigo crimson scarlet turquoise
redred blueblue blackblack greengreen black1 blackcat blackbird blackhawk blackjack blackmagic whitecat whitehouse whitewolf
bluebird bluemoon bluesky bluesea redrose redhead redsox redskins redwings greenapple goldengate purplerain pinkfloyd
silverado silversurfer diamond diamonds ruby sapphire emerald pearl crystal amber jade opal topaz platinum titanium
mercedes benz bmw audi porsche ferrari lamborghini maserati bugatti jaguar1 volkswagen volvo saab toyota honda nissan mazda subaru
mitsubishi suzuki1 lexus acura infiniti hyundai kia ford chevrolet chevy camaro corvette mustang1 dodge charger challenger
viper1 jeep wrangler cadillac buick pontiac firebird transam lincoln tesla harley harleydavidson davidson kawasaki yamaha
ducati ninja1 honda1 civic accord corolla camry prius skyline impala silvia supra celica motorcycle motorbike biker racing
racer nascar formula1 ferrari1 truck trucker tractor johndeere airplane airbus boeing pilot aircraft helicopter rocket
spaceship apollo saturn jupiter mercury venus mars neptune uranus earth galaxy1 universe cosmos space astronaut nasa orbit comet
yankees redsox dodgers giants mets cubs cardinals braves phillies pirates padres angels mariners rangers astros athletics orioles
royals brewers marlins rockies nationals lakers celtics bulls1 knicks heat warriors spurs rockets pistons suns kings1 blazers
cowboys steelers packers patriots broncos raiders chargers chiefs colts dolphins1 eagles1 falcons1 vikings seahawks redskins1
saints texans titans browns bengals bills buccaneers ravens1 rams niners fortyniners canucks flyers bruins penguins1 blackhawks
mapleleafs canadiens senators avalanche oilers flames jets arsenal chelsea liverpool manchester manutd manunited united everton
tottenham spurs1 newcastle leeds aston villa westham celtic rangers1 barcelona barca realmadrid madrid atletico juventus milan
acmilan inter intermilan roma napoli bayern dortmund schalke borussia hamburg ajax feyenoord benfica porto sporting galatasaray
fenerbahce besiktas flamengo corinthians palmeiras santos boca river hanshin tigers1 yomiuri kyojin carp hiroshima lotte seibu
softbank rakuten chunichi yakult swallows baystars fighters nipponham buffaloes antlers reds urawa kashima gamba verdy marinos grampus
ronaldo cristiano ronaldinho messi lionel neymar beckham zidane pele maradona rooney gerrard lampard henry kaka ibrahimovic
jordan jordan23 michaeljordan kobe bryant lebron james iverson shaq oneal gretzky crosby tomcruise schumacher senna federer nadal
djokovic tigerwoods ichiro matsui ohtani shohei nakata honda2 kagawa
america american usa unitedstates canada canadian mexico mexican brazil brasil argentina colombia chile peru venezuela cuba
england english britain british london scotland scottish ireland irish wales france french paris germany german berlin munich
deutschland italy italia italian rome venice spain spanish portugal lisbon holland dutch amsterdam netherlands belgium brussels
switzerland swiss austria vienna sweden stockholm norway oslo denmark copenhagen finland helsinki poland polska warsaw czech
prague hungary budapest romania bulgaria greece athens turkey1 turkiye istanbul russia russian moscow ukraine kiev israel
jerusalem egypt cairo africa southafrica nigeria kenya morocco india indian bombay mumbai delhi pakistan bangladesh china
chinese beijing shanghai guangzhou shenzhen hongkong taiwan taipei korea korean seoul busan japan japanese nippon nihon tokyo
toukyou osaka kyoto yokohama nagoya sapporo kobe1 fukuoka sendai hiroshima1 kawasaki1 saitama chiba okinawa hokkaido kyushu
shikoku honshu nagasaki kagoshima kumamoto oita miyazaki saga ehime kochi kagawa1 tokushima yamaguchi shimane tottori okayama
wakayama nara hyogo shiga mie aichi shizuoka gifu nagano yamanashi fukui ishikawa toyama niigata kanagawa gunma tochigi
ibaraki fukushima yamagata akita miyagi iwate aomori shibuya shinjuku ikebukuro akihabara roppongi ginza ueno asakusa harajuku
thailand bangkok vietnam hanoi saigon singapore malaysia indonesia jakarta philippines manila pinoy australia sydney melbourne
newzealand auckland hawaii honolulu california losangeles sanfrancisco sandiego sanjose oakland seattle portland lasvegas vegas
arizona phoenix1 texas dallas houston austin1 sanantonio florida miami orlando tampa atlanta georgia newyork newyorkcity brooklyn
manhattan bronx boston chicago detroit cleveland pittsburgh philadelphia baltimore washington virginia carolina tennessee
nashville memphis kentucky alabama mississippi louisiana neworleans oklahoma kansas missouri colorado denver utah nevada
oregon alaska montana wyoming dakota minnesota wisconsin michigan indiana1 ohio toronto montreal vancouver quebec
james john robert michael1 william david richard joseph thomas charles christopher daniel matthew anthony donald1 mark paul
steven stephen andrew kenneth george joshua kevin brian edward ronald timothy jason jeffrey ryan gary jacob nicholas eric
jonathan larry justin scott brandon frank benjamin gregory samuel raymond alexander alexandra alexis alex patrick1 jack dennis
jerry tyler aaron jose henry1 douglas adam peter nathan zachary walter kyle harold carl jeremy keith roger gerald ethan arthur
terry christian sean lawrence austin joe noah jesse albert bryan billy bruce willie jordan1 dylan alan ralph gabriel roy juan
wayne eugene logan randy louis russell vincent philip bobby johnny bradley mary patricia jennifer linda elizabeth barbara susan
jessica sarah karen nancy lisa margaret betty sandra ashley dorothy kimberly emily donna michelle carol amanda melissa deborah
stephanie rebecca laura sharon cynthia kathleen amy shirley angela helen anna brenda pamela nicole samantha katherine emma ruth
christine catherine debra rachel carolyn janet virginia1 maria heather diane julie joyce victoria1 kelly christina lauren joan
evelyn olivia judith megan cheryl martha andrea frances hannah jacqueline ann jean alice kathryn gloria teresa sara janice doris
julia grace judy theresa rose beverly denise marilyn amber1 madison danielle brittany diana abigail jane natalie lori tiffany
kayla alexa chloe sophia sophie isabella isabelle mia ava ella lily lucy ruby1 molly daisy bella coco max maximus buddy
charlie1 jake jackson1 cooper bailey bailey1 maggie sadie sophie1 lola zoe rocky1 bear1 duke tucker jasper oliver oscar toby
cody buster harley1 shadow smokey bandit casper dexter rusty lucky lucky7 pepper1 peanut precious princess1 ginger1 misty muffin
oreo patches pebbles pumpkin1 sammy sandy sasha scooby1 simon snickers snoopy1 sparky spike sugar1 tasha teddy tigger1 tinker
whiskers angel angels1 angelica angelina angelo antonio carlos manuel miguel pedro pablo diego fernando francisco javier jorge
luis alejandro alejandra mariana gabriela valentina camila carmen lucia sofia isabel cristina patricia1 veronica monica
andreas stefan thomas1 martin michaela sabine claudia julian florian tobias sebastian lukas felix jonas niklas katrin birgit
pierre jacques jean1 marie nathalie isabelle1 sylvie camille chloe1 lea manon thomas2 nicolas alexandre julien maxime antoine
giuseppe giovanni francesco alessandro andrea1 marco matteo lorenzo francesca giulia chiara martina ivan dmitri sergey alexei
natasha tatiana svetlana olga irina vladimir boris igor mikhail nikita anastasia ekaterina mohammed muhammad mohamed ahmed
ali hassan hussein omar fatima aisha khadija abdullah ibrahim yusuf mustafa mehmet krishna ganesh ganesha shiva saibaba
rahul priya anjali deepak sanjay rajesh suresh ramesh lakshmi pooja neha kumar singh sharma patel gupta khan
smith johnson williams brown1 jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson thomas3
taylor1 moore jackson2 lee perez thompson white1 harris sanchez clark ramirez lewis robinson walker young allen wright
torres nguyen hill flores green1 adams nelson baker hall rivera campbell mitchell carter roberts mueller schmidt schneider
fischer weber meyer wagner becker schulz hoffmann kim park choi jung kang
sato satou suzuki takahashi tanaka watanabe ito itou yamamoto nakamura kobayashi kato katou yoshida yamada sasaki yamaguchi1
matsumoto inoue kimura hayashi shimizu yamazaki yamasaki mori abe ikeda hashimoto yamashita ishikawa1 nakajima nakashima maeda
fujita ogawa goto gotou okada hasegawa murakami kondo kondou ishii saito saitou sakamoto endo endou aoki fujii nishimura fukuda
ota oota miura fujiwara okamoto matsuda nakagawa nakano harada ono tamura takeuchi kaneko wada nakayama ishida ueda morita hara
shibata sakai kudo kudou yokoyama miyazaki1 miyamoto uchida takagi ando andou taniguchi ohno oono maruyama imai takada fujimoto
takeda murata ueno1 sugiyama masuda sugawara hirano otsuka kojima kubo chiba1 iwasaki sakurai kinoshita noguchi matsuo nomura
kikuchi sano onishi sugimoto arai furukawa hamada ichikawa komatsu shimada mizuno takano yoshikawa yamauchi nishida nishikawa
taro tarou hanako jiro jirou saburo ichirou kenji kenta kenichi kazuya kazuki kazuo takashi takeshi takuya takumi tetsuya tsubasa
satoshi shota shouta shun shingo shinji shinya daisuke daiki daichi yuki yuuki yuta yuuta yusuke yuji yuya yoshi hiroshi hiroki
hiroyuki hideki hideo haruto haruki hayato keisuke kenshin kota kouta koji kouji kouhei makoto manabu masaru masato masashi
minoru mitsuru naoki naoto noboru nobuyuki osamu ren riku ryo ryou ryota ryusei sora sota souta susumu tatsuya tomoya toshi
toru tooru yamato yasuo yutaka akira akio atsushi aya ayaka ayako ayumi1 ai aiko airi akane akemi akiko asami asuka chie chieko
chihiro chika eri erika emi emiko etsuko fumiko hana haruka haruna hikari hikaru hiroko hitomi honoka kana kanako kaori kaoru
kasumi kazuko keiko kumiko kyoko maki makiko mai maiko mami mana manami mariko mayu mayumi megumi mei michiko mika miki miku
mikiko minako misaki miyuki miyu mizuki momoko momo nana nanako nanami naoko natsuki natsumi noriko reiko rena riho rika rin
rina risa ritsuko sachiko saki saori satomi sayaka setsuko shiho shiori shizuka sumire takako tomoko tomomi tsukasa wakana yoko
youko yoshiko yui yuika yuka yukari yukiko yumi yumiko yuri yuriko yuu yuuka koharu kokoro mirai kibou yume yumeno nozomi
kirakira tanoshii ganbare ganbatte ganba arigato arigatou sayonara konnichiwa konichiwa ohayo ohayou oyasumi sumimasen
aishiteru daisuki suki sukisuki kawaii kawai baka bakayaro aho uchuu sekai heiwa tengoku jigoku tamashii kaze umi yama kawa
hoshi tsuki taiyo taiyou yuki1 ame kumo niji hana1 sakura1 kiku ume momiji matsu take tsuru kame ryu ryuu tatsu oni kappa
tanuki kitsune hebi neko1 nyanko wanko wanwan nyan piyo piyopiyo hoge hogehoge fuga piyopiyo1 foo foobar foobarbaz bar baz qux
kaisha shain shacho shachou eigyo soumu jinji keiri joho jouhou kanri kanrisha gakkou daigaku sensei gakusei nihongo eigo
watashi anata boku ore minna tomodachi kazoku okane unko chinko manko oppai ecchi hentai sukebe
wang zhang liu chen yang zhao huang zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie tang deng feng peng zeng xiao
tian dong pan yuan cai jiang yu du ye cheng wei lu ding ren yao shen zhong cui tan fan liao shi wangwei zhangwei wangfang
liwei lina zhangmin lijing wangjing woaiwojia woaiziji wobuzhidao nihao zaijian xiexie zhongguo aiqing xingfu kuaile baobao
laopo laogong baobei xiaoxiao xiaobao xingxing taiyang yueliang mima meimima dage dajiahao fuckyou fuck fucker fucking fuckme fuckoff
fuckit motherfucker shit bullshit asshole bitch bitches bastard damn hell cunt dick dickhead cock pussy penis vagina boobs tits
titties nipple sex sexy sexsex sexybitch sexygirl sexyboy sexylady hardcore porn porno pornstar playboy hustler bigdick bigcock
blowjob cumshot orgasm horny naughty nasty kinky hooters hooker slut whore lesbian gay gaylord stupid idiot moron loser
dumbass crazy psycho insane maniac lunatic fool killer kill killme killyou murder death dead die diehard blood bloody
vampire zombie zombies ghost skull skeleton demon devil devils satan lucifer1 hades evil darkness dark darkside darkangel
darklord darkknight shadow1 nightmare midnight night nightwish knight knights warrior warriors1 soldier army navy marines marine
airforce military ranger sniper hunter hunting shooter gun guns gunner bullet weapon sword swordfish shield armor battle war
warhammer peace freedom liberty justice truth honor honour glory pride passion courage hope faith believe trust dream dreams
dreamer dreaming wish wishes heaven heavenly paradise god gods goddess jesus jesuschrist christ jesus1 jesuslives jesusislord
godisgood godislove godbless lord savior bible church prayer blessed blessing bless amen holy angel1 saint allah islam muslim
buddha buddhism dharma karma zen zenzen nirvana1 om namaste destiny fate fortune chance luck luckyone luckystar luckycharm
happy happiness happyday smile smiley smiles laugh laughing funny joy joyful lovely1 beautiful beauty pretty gorgeous handsome
cute cutie cutiepie hottie hotstuff hotgirl hotboy hot cool coolguy coolgirl coolness cooldude awesome amazing fantastic
wonderful great greatest perfect excellent special unique original legend legendary hero heroes superhero superstar superman1
supersonic power powerful strong strength force energy electric thunder thunderbolt lightning storm stormy hurricane tornado
cyclone tsunami volcano fire fireball firefly fireman firefox flame flames1 inferno phoenix2 burning burn smoke ash ashes ice
iceman icecube frost frozen freeze cold water1 ocean sea seaside beach beachbum river1 lake waterfall wave waves surf surfer
surfing island mountain mountains forest jungle desert garden flower flowers rose1 roses lily1 tulip tulips lotus orchid jasmine
violet1 daisy1 iris magnolia hibiscus lavender bamboo tree trees maple oak pine willow leaf grass nature natural wild wildcat
wildcats wildlife wilderness freebird free freeman freestyle flying fly flyer fly high skyhigh sky skyblue skyline1 cloud
clouds wind windy breeze world worldwide earth1 planet global life lifeisgood mylife goodlife liveforever live living alive
survivor survive mother mommy mom mama mum mummy father daddy dad papa daddygirl daddysgirl parents family myfamily brother
brothers sister sisters son daughter grandma grandpa grandmother grandfather uncle aunt cousin husband wife friend friends
bestfriend bestfriends friendship boyfriend girlfriend boy boys girl girls girly man men woman women lady ladies gentleman
guy dude homie gangster gangsta gangsta1 thug thuglife pimp pimpin pimping player1 playa hustle hustla mafia cartel money
moneymaker money1 cash dollar dollars million millionaire billion billionaire rich richie gold1 treasure pirate pirates1 captain1
sailor boat ship titanic1 anchor lighthouse harbor bridge castle palace tower house home homesweethome homer1 cottage village
city street road highway journey travel traveler adventure explorer discovery voyage nomad gypsy cowboy cowgirl indian1 apache1
cherokee sioux mohawk chief maverick goose1 viper2 iceman1 topgun rebel rebels outlaw bandit1 renegade rogue phantom mystery
magic magical magician wizard witch witchcraft sorcerer merlin excalibur arthur1 lancelot camelot avalon fantasy fairy fairytale
elf dwarf troll goblin giant giants1 titan titans1 zeus apollo1 athena hercules achilles odysseus spartan spartans sparta
trojan trojans gladiator caesar julius augustus brutus cleopatra pharaoh pyramid nile anubis osiris isis odin loki valhalla
viking vikings1 ragnarok asgard freya thor1 batman1 robin1 alpha beta gamma delta omega sigma theta epsilon zeta lambda
one two three four five six seven eight nine ten eleven twelve hundred thousand million1 zero number numbers onetwothree first
second third last best better good bad ugly goodluck goodbye goodday goodmorning goodnight good1 hello helloworld hello1 hellohello
hi hey heythere bye byebye thanks thankyou please sorry yes no maybe ok okay okok whatever whatsup what why who where when how
nothing1 something anything everything everyone nobody somebody anybody noone someone myself yourself himself herself itsme
itsmylife mypassword mypass myname mynameis mycomputer mypc myspace1 mylove1 mybaby mygirl myboy mydog mycat mymom
thisismypassword thisispassword thisisme thisisit ourpassword newpassword oldpassword yourpassword nopassword1 anotherpassword
correcthorse horsebattery batterystaple correcthorsebatterystaple tobeornottobe maytheforcebewithyou theforce winteriscoming
gameofthrones thrones stark lannister targaryen khaleesi daenerys jonsnow tyrion breakingbad heisenberg walkingdead sherlock
watson holmes doctorwho tardis dalek torchwood buffy supernatural winchester smallville gilmore friends1 seinfeld
stargate firefly1 serenity battlestar galactica babylon xfiles mulder scully twilight edward1 bella1 jacob1 cullen vampires
mustangs camaro1 corvette1 porsche1 ferrari2 boston1 chicago1 chelsea1 liverpool1 arsenal1 barcelona1 madrid1 london1
cheese1 chocolate1 cookie2 banana1 apple1 orange2 cherry1 candy1 coffee1 pepsi1 pizza1 blink shithead goddamn jackass
hitler killer1 slayer1 hunter1 hockey1 soccer1 football1 baseball1 basketball1 tennis1 golf1
monkey1 dragon1 tiger1 panther1 eagle1 falcon1 dolphin1 shark1 wolf1 lion1 horse1 kitty1 puppy1 bunny1 turtle1
jessica1 jennifer1 ashley1 amanda1 michelle1 nicole1 melissa1 stephanie1 daniel1 david1 andrew1 anthony1 robert1 joseph1
justin1 brandon1 joshua1 matthew1 william1 thomas4 charlie2 george1 maggie1 molly1 buddy1 bailey2 jordan2 taylor2 morgan
morgan1 casey kelsey kelly1 shannon stacy tracy crystal1 destiny1 heather1 hannah1 madison1 savannah sierra autumn1 summer1
winter1 spring1 april1 august1 october1 november1 december1 asdf1 qwerty1 password1 passw0rd p@ssw0rd pa55word passwd1 admin1
admin123 root123 test123 user123 guest1 welcome1 letmein1 changeme1 secret1 abc abcd abcde abcdef abcdefg abcd1234 abc1234
alphabet keyword keywords codeword code codes coder coding hacker hackers hack hacked hacking cracker crack phreak leet elite
geek nerd nerdy techie robot robots cyborg cyber cyberpunk matrix1 binary digital analog circuit transistor laser radar sonar
quantum atomic nuclear neutron proton electron photon plasma fusion gravity velocity physics chemistry biology science
mathematics algebra geometry calculus history geography english1 literature philosophy psychology doctor nurse medical
medicine hospital dentist lawyer attorney police policeman sheriff detective1 firefighter paramedic pilot1 captain2 sergeant
colonel general major commander president senator congress election democrat republican obama trump clinton bush reagan
kennedy lincoln1 washington1 jefferson churchill napoleon einstein newton tesla1 darwin galileo mozart beethoven bach chopin
shakespeare hamlet macbeth romeo juliet othello picasso rembrandt vangogh monet davinci michelangelo raphael donatello leonardo
ninjaturtles turtle2 splinter shredder transformers optimus optimusprime megatron bumblebee1 autobot decepticon gijoe cobra1
thundercats heman skeletor shera carebears mylittlepony rainbowdash pinkiepie twilightsparkle fluttershy applejack
brother1 canon nikon kodak polaroid xerox epson kyocera ricoh konica minolta olympus pentax fujifilm casio seiko citizen rolex
omega1 swatch gucci prada chanel versace armani dior louisvuitton hermes burberry nike adidas puma reebok converse vans
levis calvinklein tommy hilfiger ralphlauren lacoste abercrombie hollister gap walmart target costco ikea starbucks mcdonalds
burgerking subway dominos kfc wendys tacobell dunkin nestle nutella oreo1 snickers1 skittles twix kitkat hersheys pringles
doritos cheetos marlboro camel newport winston salem cigarette tobacco weed marijuana cannabis ganja mary jane420 stoner
stoned bong reefer cocaine heroin crystalmeth ecstasy acid lsd mushroom mushrooms trippy hippie peace1 woodstock
asdasd asdasdasd qweqwe zxczxc aaa bbb ccc ddd eee fff ggg hhh iii jjj kkk lll mmm nnn ooo ppp qqq rrr sss ttt uuu vvv www xxx yyy zzz
aaaaaa bbbbbb xxxxxx zzzzzz qqqqqq blabla blahblah blah lalala hahaha haha hehe lol lolol lollol lmao rofl omg omgomg wtf wtfwtf
yolo swag swagger fresh freshman sophomore junior senior graduate classof yearbook prom teamo tequiero teamomucho amor amormio
amoremio miamor mivida teodio corazon corazones estrella cielo hermosa bonita preciosa chiquita mariposa perro gato caballo
leon tigre toro aguila sol luna mar playa fuego agua tierra dios jesucristo diosesamor familia amigos amiga amigo hermano
hermana madre padre abuela hijo hija mexico1 chivas cruzazul tigres pumas independiente nacional alianza
schatz schatzi liebe liebling ichliebedich hallo hallohallo passwort1 geheim sommer winter2 fruehling herbst sonne mond stern
sternchen blume hund katze maus pferd baer loewe adler drache engel teufel himmel hoelle freiheit frieden leben tod
jetaime amour monamour moncoeur coucou bonjour salut merci soleil lune etoile chat chien cheval loulou doudou chouchou bebe
azertyuiop azerty1 marseille lyon toulouse bordeaux doudou1 ciao ciaociao amore tiamo juventus1 forzaroma napoli1 stella sole
luna1 mare gatto cane cavallo bambina principessa polska1 kochanie misiek zaq1 matrix2 privet lubov ljubov krasota solnce
`
    .trim()
    .split(/\s+/),
)
