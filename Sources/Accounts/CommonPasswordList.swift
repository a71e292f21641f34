extension CommonPasswords {
  /// All passwords of the source with 8 or more characters, and the 3,000 most common shorter ones. Sorted,
  /// in lower case.
  ///
  /// Source: the list `passwords` of zxcvbn 4.4.28 (MIT License, Copyright (c) 2012-2016 Dan Wheeler and
  /// Dropbox, Inc.). It ranks the ten million passwords that Mark Burnett put into the public domain in 2015.
  static let list: StaticString = """
    !qaz2wsx !qazxsw2 %%passwo %e2%82%ac .adgjmptw 0.0.0.000 0.0.000 000000 0000000000d 0000000000o 00000001
    00000007 000001 000007 00009999 000111 0007 000777fffa 00096462 00197400 007007 007james 00998877 01011 01011900
    01011910 01011950 01011960 01011961 01011970 01011971 01011972 01011973 01011974 01011975 01011976 01011977
    01011978 01011979 01011980 01011981 01011982 01011983 01011984 01011985 01011986 01011987 01011988 01011989
    01011990 01011991 01011992 01011993 01011994 01011995 01011999 01012000 01012001 01012010 01012011 010180 010203
    01020304 0102030405 010203040506 01021990 01031985 01031988 01031989 01041985 01041988 01061986 01061990
    01071986 01081988m 01081989 01091987 01091989 01121986 01121988 012345678910 0123654789 013cpfza 014702580369
    0147258369 01478520 0147852369 01478963 0147896325 0192837465 01telemike01 02011971 02011975 02011980 02011981
    02011982 02011983 02011984 02011985 02011986 02011987 02011988 02011989 02021971 02021973 02021976 02021979
    02021981 02021982 02021983 02021984 02021985 02021986 02021987 02021988 02021989 02021990 02031970 02031973
    02031974 02031975 02031977 02031978 02031979 02031980 02031981 02031982 02031984 02031985 02031986 02031987
    02031988 02031989 02041972 02041973 02041974 02041975 02041976 02041977 02041978 02041979 02041980 02041981
    02041982 02041983 02041984 02041985 02041986 02041987 02041988 02041989 02051970 02051972 02051973 02051975
    02051976 02051977 02051978 02051980 02051981 02051982 02051983 02051984 02051985 02051986 02051987 02051988
    02051989 02061971 02061972 02061974 02061976 02061977 02061980 02061982 02061983 02061984 02061985 02061986
    02061987 02061988 02061989 02071971 02071975 02071976 02071978 02071979 02071980 02071981 02071982 02071983
    02071984 02071986 02071987 02071988 02071989 02081970 02081973 02081974 02081976 02081977 02081980 02081982
    02081983 02081984 02081985 02081986 02081987 02081988 02081989 02091971 02091973 02091975 02091976 02091977
    02091980 02091981 02091983 02091984 02091985 02091986 02091987 02091989 02101973 02101976 02101977 02101979
    02101981 02101983 02101984 02101985 02101986 02101987 02101988 02101989 02551670 02588520 03031986 03041986
    03041991 03082006 033028pw 04041988 04041991 0420 04325956 04975756 05051985 05051987 05051989 06061986 06225930
    063dyjuy 07071977 07071987 07091990 0773417k 07831505 07931505 08031985 08031986 08051990 08081988 08121986
    08154711 08522580 085tzzqi 09051945 09080706 090808qwe 0987654321a 0987654321q 09877890 0cdh0v99ue 0o9i8u7y
    0o9i8u7y6t 0okm9ijn 0p9o8i7u 0raziel0 0sister0 1000 100000 1000000 1001 10011986 10011990 1002 100200300
    10031988 1005 10051987 1007 10071987 100years 10101 10101986 10101990 1011 10111213 1012 1013 1017 1020 10203
    102030 10203040 102030405 1020304050 102030405060 1022 1023 1024 102938 10293847 102938475 1029384756
    1029384756q 10293847qp 1066 10inches 11001001 11051987 11051990 11061985 11081989 111000 111111 11111111
    1111111111zz 11111111a 11111118 1111111a 1111111q 111111a 111111aa 111111q 1111122222 11111aaaaa 11112222
    11119999 1111aaaa 1111qqqq 1112 11121314 1112131415 11121986 111222 11122233 111222333 111222333000
    111222333444555 111222333a 111333 111luzer 111qqq 111zzzzz 1121 1122 112211 1122112211 11223 112233 11223300
    11223311 11223344 112233445 1122334455 112233445566 11223344q 11223355 112233aa 1123 11234567 112358 11235813
    112358132 1123581321 11251422 11335577 1133557799 118a105b 11924704 11c645df 11qq22ww 12011987 12021988 12031985
    12031987 12051988 120676 1211 1211123a 12121 12121985 12121990 1212312121 12123434 1213 121314 12131415
    1213141516 1215 1221 12213443 1223 122333 1223334444 122333444455555 12233445 1224 1225 123000 123098 12312
    123123 12312312 123123123a 123123123q 123123321 12312345 123123456 123123789 123123a 123123q 123123qq 123123qwe
    123123qweqwe 1232323q 12332 123321 12332100 12332112 123321123 12332145 123321456 123321456654 123321a 123321aa
    123321az 123321q 123321qaz 123321qq 123321qw 123321qwe 123321qweewq 1234 12340987 12341234q 12342000 1234321
    12343412 12344321 12344321a 12344321q 12345 1234509876 123451 12345123 123451234 1234512i 123452000 123452345
    12345432 123454321 123455 123455432 1234554321 1234554321a 1234554321q 123456 1234560 12345600 12345611 12345612
    123456123 1234562000 123456321 12345654321 12345656 123456654 123456654321 12345666 1234567 12345670 12345671
    12345672000 12345677 12345678 123456780 123456781 123456782000 123456788 1234567887654321 123456789 123456789.
    1234567890 12345678900 123456789000 12345678900987654321 1234567890987654321 1234567890a 1234567890d 1234567890m
    1234567890o 1234567890p 1234567890q 1234567890qaz 1234567890qw 1234567890qwe 1234567890qwerty 1234567890s
    1234567890w 1234567890z 1234567890zzz 1234567891 12345678910 123456789101 12345678912 123456789123 1234567892000
    12345678987654321 1234567899 123456789987654321 123456789a 123456789aa 123456789abc 123456789as 123456789asd
    123456789b 123456789c 123456789d 123456789e 123456789f 123456789g 123456789i 123456789j 123456789k 123456789l
    123456789m 123456789n 123456789o 123456789p 123456789q 123456789qaz 123456789qq 123456789qqq 123456789qw
    123456789qwe 123456789qwer 123456789qwerty 123456789r 123456789s 123456789t 123456789v 123456789w 123456789x
    123456789y 123456789z 123456789zx 123456789zxc 123456789zz 12345678a 12345678c 12345678d 12345678i 12345678m
    12345678q 12345678qwe 12345678s 12345678w 12345678z 12345679 123456798 1234567a 1234567aa 1234567b 1234567d
    1234567j 1234567k 1234567l 1234567m 1234567q 1234567qw 1234567qwertyu 1234567r 1234567s 1234567t 1234567u
    1234567v 1234567w 1234567z 12345687 12345689 12345698 123456987 12345699 123456a 123456aa 123456aaa 123456ab
    123456abc 123456as 123456asd 123456k 123456l 123456m 123456q 123456qaz 123456qq 123456qqq 123456qw 123456qwe
    123456qwer 123456qwert 123456qwerty 123456r 123456rrr 123456ru 123456s 123456ss 123456z 123456zx 123456zxc
    123456zz 123457 12345789 123459876 12345a 12345abc 12345abcd 12345abcde 12345asd 12345asdfg 12345q 12345qaz
    12345qqq 12345qwe 12345qwer 12345qwert 12345qwerty 12345rewq 12345t 12345trewq 12345z 12345zxc 12345zxcvb 123465
    12346789 12347890 12348765 12349876 1234abcd 1234asdf 1234kekc 1234qw 1234qwe 1234qwer 1234qwerasdf
    1234qwerasdfzxcv 1234qwert 1234qwerty 1234rewq 1234rmvb 1234zxcv 12356789 123578951 123581321 12365 123654
    12365478 123654789 1236547890 123654789a 123654987 1236987 12369874 123698741 123698745 1236987z 123789
    123789456 123987 123987456 123aaa 123abc 123abc123 123as123 123asd 123asd123 123boots1 123ewq 123ewqasd
    123hfjdk147 123joker 123lol123 123masha 123mudar 123qaz 123qaz123 123qazwsx 123qq123 123qw 123qw123 123qwaszx
    123qwe 123qwe12 123qwe123 123qwe321 123qwe456 123qwe456rty 123qweas 123qweasd 123qweasdzx 123qweasdzxc 123qweqwe
    123qwert 123qwerty 123qwerty123 123zxc 123zxc123 12435687 124578 12457896 124578963 12481632 12758698 128500
    12e3e456 12inches 12locked 12monkey 12monkeys 12qw12 12qw12qw 12qw34er 12qw34er56ty 12qwas 12qwaszx 12qwerty
    12s3t4p55 12string 13021990 13031987 13041987 13041988 13061986 13121985 131313 132435 13243546 13245678
    13245768 132465798 132forever 13324124 133andre 134679 134679258 13467982 13467985 134679852 1346798520 134kzbip
    135135ab 135246 1357 13571113 13572468 13576479 13579 135790 1357908642 135791 1357911q 13579135 13579246
    135792468 1357924680 135797531 135798642 1357997531 1366613 1369 14021985 14021986 14061991 14071789 14111986
    14142135 14159265 141627 142536 142536789 14314314 147258 14725836 147258369 1472583690 147258369a 147369
    147369258 147741 147852 14785236 147852369 147852963 1478963 14789632 147896321 147896325 147963 14881488 1492
    14938685 14vbqk9p 15011987 15021985 15051981 15051990 150781 15101986 151nxjmt 15253545 153624 15426378 154ugeiu
    158uefas 159357 159357123 159357258 159357456 15935746 159357852 159632 15975 159753 15975300 15975312 159753123
    15975321 1597532486 159753258 159753456 159753456852 15975346 159753852 15975391 15987532 159875321 159951
    159951159 15s9pu03 16051987 16051989 16121987 162534 1701 17011987 17051988 17061988 17071994a 17171717aa
    172839456 17711771s 18011987 18061990 18091985 18121812 18254288 18273645 18436572 18821221 18n28n24a 19061987
    19101987 19216801 19216811 192837 19283746 192837465 1928374655 19371ayj 19372846 19380018 19391945 19411945
    1958proman 19719870 1972chev 19733791 19755791 19761977 19801982 19801984 19821983 19822891 19831985 19833891
    19841989 19844891 19851985p 19855891 19866891 1986irachka 1986mets 19877891 19891959 19899891 19911992 19921993
    19922991 19932916 19933991 19944991 19952009sa 19955991 19966991 19977991 19992000 19mtpgam19 1a2a3a4a
    1a2a3a4a5a 1a2b3c 1a2b3c4d 1a2b3c4d5e 1a2s3d4f 1a2s3d4f5g 1a2s3d4f5g6h 1aaaaaaa 1abcdefg 1andonly 1arsenal
    1asdfghj 1asshole 1assword 1autopas 1basebal 1bastard 1bbbbbbb 1bigdadd 1bigdick 1bigfish 1brandon 1bulldog
    1bullshi 1butthea 1carolin 1ccccccc 1charles 1charlie 1chelsea 1chester 1chicken 1christi 1compute 1corvett
    1cowboys 1creativ 1cricket 1crystal 1diamond 1digital 1dolphin 1drummer 1eeeeeee 1escobar2 1explore 1ferrari
    1fishing 1flowers 1footbal 1forever 1freedom 1fuckyou 1gandalf 1gateway 1ggggggg 1grizzly 1heather 1herbier
    1hxboqg2 1hxboqg2s 1iiiiiii 1j9e7f6f 1jackson 1jeffrey 1jennife 1jessica 1jjjjjjj 1johnson 1ladybug 1letmein
    1loveyou 1manager 1matthew 1melissa 1mercede 1michael 1michell 1million 1monster 1montana 1mustang 1newlife
    1packers 1panther 1panties 1pass1page 1passwor 1password 1patrick 1peaches 1penguin 1phoenix 1porsche 1pumpkin
    1pussy 1q2q3q4q 1q2q3q4q5q 1q2w3e 1q2w3e4r 1q2w3e4r5 1q2w3e4r5t 1q2w3e4r5t6y 1q3e5t7u 1qa2ws 1qa2ws3e 1qa2ws3ed
    1qa2ws3ed4rf 1qa2ws3ed4rf5tg 1qasw23ed 1qay2wsx 1qayxsw2 1qaz!qaz 1qaz0okm 1qaz2ws 1qaz2wsx 1qaz2wsx3edc
    1qaz2wsx3edc4rfv 1qaz3edc 1qaz@wsx 1qazwsxedc 1qazxcvb 1qazxdr5 1qazxsw2 1qazxsw23edc 1qazxsw23edcvfr4 1qazzaq1
    1qw23er4 1qwerty 1qwerty1 1qwertyu 1qwertyuiop 1rainbow 1rangers 1richard 1rosebud 1s1h1e1f1 1samanth 1scooter
    1sexyred 1simpson 1starwar 1steeler 1stunner 1sunshin 1superma 1therock 1thunder 1tiffany 1trouble 1vampire
    1w2q3r4e 1w2w3w4w 1warrior 1wildcat 1william 1winston 1x2zkg8w 1xrg4kcq 1xxxxxxx 1z2x3c 1z2x3c4v 1z2x3c4v5b
    1zxcvbnm 1zzzzzzz 200000 2000jeep 200190ru 20031987 2004-10- 20051988 20061988 20091988 20091989q 20091991
    20111986 201jedlz 20spanks 21011989 21031987 21031988 21031990 21051988 21051991 21101986 2112 21125150 2112rush
    212009164 212121qaz 2128506 213546879 213qwe879 21436587 22011988 22021986 22021989 22031984 22041987 22041988
    22061941 22071986 221195ws 22221111 22223333 222333 223344 22334455 22446688 225588 2278124q 22q04w90e 23021986
    23041987 23049307 2305822q 23176djivanfros 235689 23jordan 23skidoo 23wesdxc 24011985 2401pedro 24061986
    24111989 243462536 245lufpq 2468 2468013579 246810 24681012 24681357 246813579 24688642 2469 24861793 248ujnfk
    24gordon 24pnz6kc 2502557i 25031987 25041988 25081988 25091987 25121987 25251325 254xtpss 2580 25800852 25802580
    258456 258852 26031988 26061987 260zntpc 26429vadim 267ksyjf 27061988 27731828 28011987 28021990 28021992
    28041987 287hf71h 28infern 29011985 29051989 29071983 299792458 2b4dnvsx 2b8riedt 2bigtits 2bornot2 2bornot2b
    2children 2dumb2live 2hot4you 2i5fdruv 2kash6zq 2letmein 2sexy2ho 2w3e4r5t 2wj2k9oj 2wsx1qaz 2wsx3edc 2wsx4rfv
    2wsxcde3 2wsxzaq1 2ykn5ccf 3000gt 30031988 30041986 30051985 305pwzlr 30624700 31011987 31021364 311music
    31217221027711 31359092 314159 31415926 314159265 3141592654 31415927 315475 321123 321456 321456987 321654
    32165498 321654987 3216732167 321ret32 326159487 32615948worms 332211 333222111 33334444 333666 333666999 333777
    335533aa 336699 33rjhjds 343104ky 34523452 34524815 34erdfcv 3611jcmg 36169544 362436 36460341 368ejhih 369258
    36925814 369258147 369852 36985214 369852147 36987412 369874125 369963 37583867 380zliki 383pdjvl 38972091
    38gjgeuftd 3edc4rfv 3edcvfr4 3f3fpht7op 3rjs1la7qe 3stooges 3syqo15hil 3techsrl 3xbobobo 40028922 4077mash 4121
    4128 413276191q 41d8cd98f00b 420247 420420 42042042 420smoke 426hemi 427cobra 4294967296 42qwerty42 43046721
    4311111q 43211234 4321rewq 4417 44332211 44445555 44448888 444555666 445566 44556677 44e3ebda 44magnum 4506802a
    454dfmcq 456123 456123789 456321 45645645 456654 45678912 456789123 456852 45m2do5bs 46466452 46775575 474jdvff
    478jfszk 4809594q 48151623 481516234 4815162342 4815162342a 4815162342lost 4815162342q 48n25rcc 4904s677075
    49527843 495rus19 4cranker 4ebouux8 4fa82hyx 4freedom 4g3izhox 4gxrzemq 4me2know 4r3e2w1q 4rfv3edc 4rfv5tgb
    4runner 4rzp8ab7 4seasons 4z34l0ts 4z3al0ts 50cent 50spanks 51051051051 51094didi 5150 51501984 51502112
    51525354 51842543 52545856 52678677 531879fiz 5411pimo 541233432442 54132442 5432112345 545ettvy 551scasi
    55378008 55443322 5544332211 55495746 554uzpad 5551212 55556666 555666 555666777 555777 55667788 55832811
    55bgates 565hlgqo 567rntvm 56836803 57392632 57699434 58565254 59382113kevinp 5c92v5h6 5element 5gtgiaxm
    5hsu75kpot 5t4r3e2w1q 5t6y7u8i 5tgb6yhn 5tgbnhy6 5w76rnqp 5wr2i7h8 61808861 625vrobg 62717315 6339cndh 640xwfkv
    6458zn7a 654123 654321 655321 65mustan 66005918 66613666 666666 66669999 666777 666999 666999666 666satan
    669e53e1 671fsa75yt 67390436 6751520 67899876 67camaro 67mustan 682regkh 6846kg3r 686xqxfg 68camaro 69213124
    6969 69696 696969 69camaro 6gcf636i 6jhwmqku 6xe8j2z4 6yhn7ujm 7007 705499fh 73501505 74108520 74123698
    741236985 741258963 741852 74185296 741852963 7418529630 741852kk 74227422 742617000027 748159263 753159 753951
    753951456 753951852 754740g0 7653ajl1 7654321a 76689295 766rglqy 770129ji 7753191 777555333 7777755102q 7777777
    77777778 7777777a 7777777s 7777777z 77778888 777888 777888999 7779311 777angel 778899 784512 78621323 787898
    789123 789123456 78945 789456 78945612 789456123 7894561230 789456123a 7895123 78963214 789632145 789632147
    789654 789654123 78978978 789987 78n3s5af 794613 794613258 794613852 7elephants 7ertu3ds 7f4df451 7gorwell
    7hrdnw23 7imjfstw 7jokx7b9du 7ovtgimc 7u8i9o0p 7ugd5hip2j 80070633pc 80637852730 808state 8096468644q
    80988218126 81726354 81fukkc 824358553 8363eddy 85200258 852456 85852008 863abgsg 8675309 86753099 86chevyx
    87062134 870621345 87654321q 878kckxy 87e5nclizry 88002000600 88351132 88887777 88889999 890098890 89015173454
    89032073168 89172735872 89211375759 89231243658s 8928190a 89600506779 89876065093rax 8j4ye3uz 8letters
    8phrowz622 8phrowz624 8seconds 8xuuobe4 90210 906090 9085084232 9085603566 911911 911turbo 91328378 918273645
    92702689 9293709b13 9379992 9379992a 9379992q 944turbo 951753 951753852 9562876 96321478 963214785 963258741
    963852 96385274 963852741 9638527410 98256518 987123 98741236 987412365 987456 98745632 987456321 987654123
    987654321a 987654321g 987654321q 987654321z 98766789 98798798 989244342a 99762000 998877 99887766 9988776655
    999111999q 999666333 999888777 99ranger 99strenght 9hmlpyjd 9hotpoin 9kyq6fge 9z5ve9rrcz a11111 a12345 a123456
    a1234567 a12345678 a123456789 a1234567890 a123456a a123456b a123456z a19l1980 a1a2a3 a1a2a3a4 a1a2a3a4a5 a1b2c3
    a1b2c3d4 a1b2c3d4e5 a1l2e3x4 a1s2d3 a1s2d3f4 a1s2d3f4g5 a1s2d3f4g5h6 a32tv8ls a3eilm2s2y a7777777 a7nz8546
    a8kd47v5 a9387670a a987654321 aa1111aa aa123123 aa123321 aa123456 aa123456789 aaa111 aaa12345 aaa123456 aaaa1111
    aaaa1122 aaaaaaa1 aaaabbbb aaaassss aabbccdd aaliyah aardvark aaron1 aaron123 aassddff ab123456 ab12cd34 abc12
    abc123 abc1234 abc12345 abc123456 abc123456789 abc123abc abcd123 abcd1234 abcd12345 abcde123 abcde12345 abcdef12
    abcdef123 abcdefg1 abercrom aberdeen abgrtyu abhishek abigail1 abnormal abracada abracadabra abrakadabra
    abramova absinthe absolut abstr abulafia ac2zxdty acapulco access access01 access12 access123 access14 access20
    access22 access88 access99 accessno accord account1 accountbloc acdeehan acerview aceshigh achilles achtung
    acidburn acidrain acmilan1 action acun3t1x acuransx acurarsx adam12 adam1234 adapters adelante adelheid adelphia
    adgjmptw adidas adidas11 adidas12 adidas69 admin admin123 admin18533362 admiral1 adonis adrenali adrenalin
    adriana1 adrianna1 adv12775 advance1 advantag adventur adxel187 aerosmit aerosmith aerostar aessedai aezakmi
    aezakmi1 afhvfwtdn afrika2002 afrodita afrodite aftermat agamemno agapov58 agbdlcid agent007 aggarwal aggies
    agnieszka agricola aikido aikman08 airborn1 airborne airbrush airbus airedale airforce airforce1 airjordan
    airplane airwolf aishiteru aishwarya ajcuivd289 ajnjuhfa ajnjuhfabz ak470000 akademia akatsuki akinfeev akira
    aksarben al123456 alabama alabama1 alabama123 alabaste aladin alakazam alanfahy alaska alastair albacore albany
    albatros albert12 albertjr alberto1 albion alcapone alcatraz alcoholi aldebara aldebaran alderaan alejandr
    aleksand aleksander aleksandr aleksandra alekseev alekseeva aleksey alemania alena123 alena2010 alenka alenushka
    alessand alessandr alessandro alevtina alex123 alex1234 alex12345 alex1959 alex1971 alex1973 alex1974 alex1975
    alex1976 alex1981 alex1982 alex1983 alex1985 alex1987 alex1989 alex1990 alex1991 alex1995 alex1996 alex1998
    alex2000 alex2009 alex2010 alex2112 alexand1 alexande alexander1 alexandr alexandra1 alexandre alexandru alexey
    alexis alexis01 alexsander alexsandr alfa alfabeta alfarome alfaromeo alfredo1 algernon alhambra alibaba
    alicante alice123 aliens aligator alina123 alina1994 alina1995 alina1998 alina2002 alina2006 alina2010 alina2011
    alino4ka alinochka alkaline allalone allan123 allblack allblacks allen123 alleycat alligato alligator allison1
    allister allmine allnight allochka allsop allstar allstar1 allstars allstate alltheway almaz666 aloha alohomora
    aloysius alpacino alpha alpha1 alpha123 alphabet alphabeta alphadog alphaman alphaome alphaomega alphaone
    alphasig alpine alskdjfh alskdjfhg altavista alterego alternat alternativa altima alucard alucard1 am4h39d8nh
    amadeus amadeus1 amadeusptfcor amanda01 amanda1 amanda10 amanda11 amanda12 amanda123 amanda18 amanda69 amandine
    amaranth amarillo amaterasu amateur amateurs amatuers amazing1 amazon amazonas amazonka amber1 amber123 amberdog
    amberlee ambrosia ambulanc amekpass america america1 america2 amerika ameritec amersham amethyst amiga500 amigo
    amorcito amoremio amsterda amsterdam amsterdam1 an83546921an13 anabelle anabolic anaconda anai anakin anakonda
    anal analfuck anallove analsex analslut anarchy anarchy1 anastaci anastasi anastasija anastasiy anastasiya
    anastasya anathema anatoliy ancella2 anchorag anchorat andranik andre123 andrea1 andrea11 andrea12 andrea99
    andreas1 andreeva andrei andrei123 andreika andretti andrew01 andrew1 andrew10 andrew11 andrew12 andrew123
    andrew13 andrew17 andrew22 andrew23 andrew88 andrew99 andrewjackie andrey andrey12 andrey123 andrey1992 andreyka
    andromed andromeda andy2000 andyod22 anfield anfield1 angel angel007 angel1 angel123 angel666 angel777 angela12
    angelbab angeldog angeleye angeleyes angeliqu angelito angelo4ek angelochek angelofwar angels angelus anguilla
    angus angus123 anhnhoem anhyeuem animal animal2000 animals1 animalsex anime anime123 anisimov anna12345 anna1982
    anna1984 anna1985 anna1986 anna1987 anna1988 anna1989 anna1990 anna1994 anna1997 anna2000 anna2002 anna2010
    anna2614 annamari annapoli annarbor annelies annemari annette1 annie1 annie123 anniedog annushka anonymer
    anonymou another1 antananarivu anteater antelope anthon anthony0 anthony1 anthony2 anthony3 anthony4 anthony5
    anthony7 anthony8 anthony9 anthrax antietam antiflag antigone antihero antivirus anton123 antonell antonella
    antoni antonia1 antonio1 antonio2 antonio3 antonioj antonius antonova antoshka anubis anuradha aolsucks aotearoa
    apache apache64 aphrodit apocalyp apokalipsis apollo apollo11 apollo12 apollo13 appelsin apple apple1 apple123
    applegat applemac applepie apples apples12 apples123 applesauce appleseed appletre aptiva aq1sw2de3 aqswdefr
    aquafina aqualung aquamann aquarius aquemini aqwzsxedc arabella arachnid aragorn aragorn1 arcadia arcangel
    archange archangel archibal archimed architec archmage arclight arcturus area51 aregdone arenrone areyukesc
    argentin argentum argonaut arhangel arianna1 aristote aristotl arizona arizona1 arjay arkangel arlingto armadill
    armagedd armageddon armagedo armagedon armani armastus armstron arnster55 arrow arrowhea arrows arschloc
    arschloch arsehole arsenal arsenal0 arsenal1 arsenal123 arsenal2 arsenal7 arsenal9 arsenalf arsenalfc arshavin
    art131313 artcast2 artefact artem artem123 artem1992 artem1995 artem2010 artem777 artemis artemis1 artemka
    artichok artiller artofwar artur arwpls4u arxangel as123456 asd123 asd12345 asd123456 asd123asd asd123qwe asdasd
    asdasd12 asdasd123 asdasd22 asdasdas asddsa asdf asdf12 asdf123 asdf1234 asdf12345 asdf4321 asdf67nm asdfasdf
    asdfasdf1 asdffdsa asdfg asdfg123 asdfg1234 asdfg12345 asdfgh asdfgh01 asdfgh12 asdfgh123 asdfgh123456 asdfghj
    asdfghj1 asdfghjk asdfghjkl asdfghjkl1 asdfghjkl123 asdfjkl asdfjkl1 asdfjkl; asdflkjh asdfqwer asdfrewq
    asdfzxcv asdqwe123 asdzxc asdzxc123 asfnhg66 ashley01 ashley1 ashley11 ashley12 ashley123 ashley19 ashley24
    ashley69 asmodean asmodeus aspirant aspire aspirina aspirine assa1234 assasins assassin assassins assclown
    asscrack asseater assembler assfuck assfucke asshole asshole1 asshole123 asshole2 asshole3 assholes asslicke
    asslicker asslover assman assmaste assmaster assmonke assmunch associat assword assword1 astalavista astaroth
    asterios asterix asterix1 astonmar astonmartin astonvil astonvilla astra astra123 astro astroboy astroman astros
    astrovan at4gftlw athlon athlon64 atlanta atlanta1 atlantida atlantis atljhjdf atombomb atomic atreides attila
    auburn auckland2010 audia4 august10 august11 august12 august15 august16 august17 august20 august22 august24
    august25 august29 august31 augustin auntjudy aurelien aurelius aussie austin austin01 austin1 austin11 austin12
    austin123 austin31 austin316 austintx australi australia1 autechre authcode autobahn automati autopas1 autopass
    avalanch avalanche avalon avalon11 avangard avatar avemaria avenger avenger1 aventura avogadro avondale
    avrillavigne avtoritet awdrgyjilp awesome awesome1 awesome123 awesome2 awo8rx3wa8t az123456 azamat azathoth
    azazel azerty azerty12 azerty123 azertyui azertyuiop azfpc310 azsxdc azsxdcfv azsxdcfvgb azwebitalia b0ll0cks
    b1234567 b929ezzh babe babemagn babemagnet baberuth babes babochka babushka baby1234 baby2000 babybear babyblue
    babyboy babyboy1 babycake babycakes babydoll babyface babygirl babygirl1 babygurl babyhuey babylon babylon5
    babylon6 babylove babyphat babyruth bacardi bacardi1 bacchus backbone backd00r backdoor backdraf backlash
    backspac backspace backwood bad11bad badabing badaboom badass badboy badboy69 baddog badger badgers badgirl
    badgirls badkarma badkitty badlands badman badminto badnaamhere baerchen baggins baggins1 baggio baggio10
    bagheera bagira bagpipes bailey01 bailey1 bailey10 bailey11 bailey12 bajingan bajskorv bakayaro bakesale
    balalaika balance1 baldeagl baldeagle baldhead baldrick balefire balla007 baller baller23 ballin balloon
    balloon1 balloons balls balls123 ballsack ballsdeep ballsout baltimor bambam bamboo banaan123 banana banana12
    bananana bananas bananas1 banane banderas banderos bandicoot bandit bandit01 bandit11 bandit12 bang bangalor
    bangbros banger bangkok bangkok1 banker bankshot banner banshee banshee1 banzai baphomet barabash barabbas
    baracuda barakuda baranova barbados barbara1 barbaria barbarian barbaris barbaros barbie barbwire barcelon
    barcelona barclays bareback barefeet barefoot baritone barkley barkley1 barmalei barmaley barney barney01
    barney11 barney12 barrabas barracud barracuda barrakuda barrynov barselona barsik bartende bartman bartman1
    baseba11 basebal basebal1 baseball baseball1 baseball11 baseball12 baseball2 baseball3 baseball7 baseball9
    basilisk basket basketba basketbal basketball1 bassboat basset bassfish basshead bassingw bassline bassman
    bassman1 bassmast bassplay bastard bastard1 bastardo bastogne batistuta batman batman01 batman1 batman11
    batman12 batman123 batman13 batman21 batman23 batman69 batman99 batterie batterse battery1 bayadera bayern
    bayliner bayshore baywatch bazongaz bb123456 bbbbbb99 bbbbbbb1 bcfields bdfyeirf bdsm beachboy beachbum beaches
    beaches1 beagle beamer beaner beanhead beanie beano002 beantown bear bear2327 bearcat bearcat1 bearcats bearclaw
    beardog beardog1 beardown bearshar bearshare beast beast1 beast123 beast666 beastie beastie1 beatle beatles
    beatles1 beatles4 beautifu beautiful1 beauty beaver beaver12 beaver69 beavis beavis69 beckham beckham23 beckham7
    beefcake beemer beer beer1234 beerbong beerman beernuts beethove beetle begemotik behemoth beholder belgario
    belgorod belinda1 bella1 bella123 bellaboo belladog belladon bellagio bellevue bellsout bellybut belochka
    beloved1 bendover benedikt benessere benetton benfica beng bengals bengals1 benhogan benidorm benjamin1 benladen
    bennett1 bennevis bennyboy bentley1 beowulf berbatov beretta berezuckiy bergen09 bergerac bergkamp berlin
    berliner berlingo bermuda1 bernadet bernard1 bernhard berserke berserker bertuzzi besiktas bestfriend beszoptad
    bethany1 bettis36 bettyboo bettyboop bettylou beverly1 beyblade bg6njokf bhbirf bhbyjxrf bian biao biarritz
    bicycle biedronka bigass bigasses bigballa bigballs bigbear bigben bigberth bigbird bigbird1 bigblack bigblock
    bigblue bigblue1 bigbob bigboner bigboobs bigbooty bigboss bigboy bigboy11 bigboy12 bigbroth bigbubba bigbucks
    bigbutt bigbutts bigcat bigchief bigcock bigcocks bigdaddy bigdaddy1 bigdick bigdick1 bigdicks bigdog bigdog69
    bigfella bigfish bigfoot bigfoot1 biggdogg biggie biggirls biggles biggreen bigguy bighouse bigjohn1 bigjuggs
    bigloser bigmac bigman bigmaxxx bigmike bigmoney bigmouth bignasty bigone bigpappa bigpenis bigpimpi bigpimpin
    bigpoppa bigpussy bigred bigsexxy bigsexy bigsexy1 bigsmall bigstick bigstuff bigtime bigtime1 bigtit bigtits
    bigtits1 bigtitts bigtitty bigtruck bigtymer bigwaves bigwilly bikerboy bikini bilbo bilbobag bill1234 billabon
    billabong billgate billgates billiard billy1 billy123 billybob billyboy billygoa billyjoe billyray bimmer bing
    bingbong bingo bingo1 bingo123 binladen biohazar biohazard bionicle bioshock bird33 birdbath birdcage birdhouse
    birdie birdland birdman birdman1 birmingh birthday1 birthday10 birthday100 birthday2 birthday21 birthday26
    birthday27 birthday28 birthday299 birthday3 birthday4 birthday5 birthday54 birthday6 biscayne biscuit biscuit1
    bisexual bismarck bismilah bismilla bismillah bitch bitch1 bitch123 bitchass bitchboy bitchedu bitchedup bitches
    bitches1 biteme biteme12 biteme69 bizkit blabla blablabl black1 black123 black666 blackadd blackass blackbea
    blackbel blackbelt blackber blackberry blackbir blackbird blackboo blackbox blackboy blackbur blackcat blackcoc
    blackcock blackdic blackdick blackdog blackdra blackdragon blackeye blackfin blackfly blackhat blackhaw
    blackhawk blackhea blackheart blackhol blackhole blackhorse blackice blackie blackie1 blackjac blackjack
    blacklab blackmag blackmen blackmetal blackmor blackone blackops blackout blackpoo blackpus blackros blackrose
    blacks blacksab blacksex blackshe blacksta blackstar blacksun blacktop blackwhite blackwid blackwoo blacky blade
    blade123 blademan bladerun bladerunner blades blahblah blam blankman blaster blaster1 blasters blastoff blaze
    blaze420 blazer bleacher blenheim blessed blessed1 blessing blessyou blindman blingbli blingbling blink182
    blizzard blockbus bloembol blonde blondes blondie blondie1 blondinka blood123 blood666 bloodlus bloodlust
    bloodred bloopers blowfish blowjob blowjob1 blowjob69 blowjobs blowme blowme69 bltynbabrfwbz blue blue12 blue123
    blue1234 blue2000 blue22 bluearmy blueball blueballs bluebear bluebell blueberr bluebird blueboy blueboys
    bluedevi bluedevil bluedevils bluedog bluedog1 bluedragon blueduck blueeyes bluefire bluefish bluegill bluegras
    bluejay1 bluejays bluejean bluelight blueline bluemoon bluenose bluenote blueroom bluerose blues blueskie
    bluesky bluesky1 bluesman bluestar bluetick bluewate bluewave blumpkin blunt420 bmw318is bmw325is bmw330ci
    bmw750il boating1 bob123 bob12345 bobafett bobbobbo bobby1 bobby123 bobbybob bobbyboy bobbyjoe bobbyorr bobcat
    bobcat12 bobdylan bobjones bobmarle bobmarley bobo1234 bobolink bobsmith bocephus bodiroga bodybuil bodyhamm
    bodyshop boeing boeing74 boeing77 bogart bogdan bogdan123 bogdanova bogey bohica boilerma boing747 bojangle
    bollocks bollox bologna bologna1 bombadil bombay bomber bomberman bombers bombshel bonapart bond0007 bond007
    bond9007 bondage bondage1 bondarenko bondra12 bonefish bonehead boner bones bonethug bonethugs boneyard bonghits
    bongtoke bongwater bonjour bonjour1 bonjovi bonkers bonkers1 bonoedge bonsai bonscott boob boobear1 boobie
    boobies boobies1 boobies2 boobless booboo booboo11 booboo12 booboo69 boobs boogaloo booger boogie boogiema
    boognish boogyman bookcase bookmark bookworm boomboom boomer boomer1 boomer12 boomer22 boomtown boondock booster
    booster1 bootcamp bootie bootmort bootneck boots bootsman booty bootycal bootycall bootyman boozer borabora
    bordeaux boredboi4u boricua boris123 borisenko borisova bornfree borntorun borodina borracho borussia bosco
    bosco123 boscoe01 bosshogg bosslady bossman bosstone boston boston11 boston12 botafogo bouboule bounce bounty
    bowhunte bowhunter bowler bowling bowling1 bowling3 bowwow boxer boxers boxing boxster boxster1 boy4u2ownnyc
    boyscout boywonde bpgjldsgjldthnf br00klyn br0d3r br1ttany br549 bradley1 bradpitt braindea branden1 brandnew
    brando brandon0 brandon00 brandon1 brandon2 brandon3 brandon6 brandon7 brandon8 brandy brandy12 branford brasil
    brasilia bravehea braveheart braves braves10 braves95 brazil brazzers breadfan breadman breakdance breaker1
    breakers breakfas breast breasts breeze brehznev breitlin brenda69 brendan1 brennan1 brentfor brentwoo bretagne
    brethart brett123 brewcrew bri5kev6 brian1 brian123 brianna1 bridget1 brighton brillian brillo021 brimston
    bringiton bristol bristol1 britania britney britney1 britneys brittany1 brodie broker bronco broncos broncos1
    broncos2 broncos7 broodwar brooklyn brooklyn1 brooksie brother1 brother2 browncow browndog browneye browneyes
    brownie brownie1 brownlov browns browns99 browseui bruce123 brucelee brucewayne bruins bruins77 bruiser bruiser1
    bruno1 bruno123 brunodog brunswic brutus bryan123 bsheep75 bubba bubba1 bubba123 bubba69 bubbabub bubbadog
    bubbaman bubbas bubble bubblebox bubblegu bubblegum bubbles bubbles1 bubbles2 buccanee buceta bucket buckeye
    buckeye1 buckeyes buckfast buckshot buckskin buckster buckwhea buckwheat buckwild budapest buddah buddha buddie
    buddy buddy1 buddy123 buddyboy buddycat buddydog buddylee budlight budman budweise budweiser budwiser buffalo
    buffalo1 buffalos buffett buffett1 buffy1 buffy123 buffy1ma bugger bugmenot bugsbunn bugsbunny bugssgub
    buhjvfybz builder bujhm123 bujhmbujhm bukowski buldozer bulgakov bull bulldawg bulldog bulldog1 bulldog2
    bulldog5 bulldog7 bulldogg bulldogs bullet bullfrog bullhead bullnuts bullride bulls bulls123 bullseye bullshit
    bullwink bullyboy bumblebe bumblebee bumerang bummer bumper bungalow bunghole bunnies bunnies1 bunny bunny1
    bunny123 bunnyman buratino burberry burger burlpony burltree burrfoot burrito burrito1 burton12 burunduk
    busdrive bushido bushmast bushwack bushwick businessbabe bustanut buster buster01 buster1 buster11 buster12
    buster123 buster21 buster22 buster69 buster88 buster99 busty butch buterfly butter butter11 butterba butterbean
    buttercu buttercup butterfl butterfly butterfly1 buttface buttfuck butthead butthole buttlove buttman buttmunc
    buttmunch buttnutt buttocks buttons buttons1 buttplug buzzard buzzkill buzzword bvgthfnjh byabybnb byajhvfnbrf
    bycnbnen bynthytn byrjuybnj byteme c0l0rad0 c0rvette c32649135 c3por2d2 c43dae874d c43qpul5rz cab4ma99 caballer
    cabbage cabbages cabernet cabibble cabinboy cabledog cableguy cableman cabowabo cabron cacapipi cachondo
    cachorro cactus cadillac cadr14nu caesar caffreys cahek0980 caitlin1 calamity calavera calbears caleb123 calgary
    calgary1 calico caliente californ californi california1 caligula calimero calliope callista callisto callofduty
    callum calvin69 camaleon camaleun camaro camaro67 camaro69 camaross camaroz2 camaroz28 cambiami cambridg camel
    camel123 cameleon camelot camelot1 camels cameltoe cameron cameron0 cameron1 cameron2 cameron7 camilla1 camille1
    camneely camp0017 camper campus100 canada canada12 canada99 canadien canaries cancer cancun candle candlebo
    candy123 candyass candybar candycan candycane candyman canesfan cang cannabis cannelle cannibal cannibus
    cannonba cannonda cannondale canon canoneos cantona cantona1 cantona7 cantstop canucks1 capetown capital1
    capital5 capitals capoeira capone capricor capricorn capslock captain captain1 captain2 captaink car12345
    caramel caramelo caravan cardigan cardinal care1839 carebear carefree carla123 carlito carlitos carlos12
    carlos123 carlsbad carlsberg carlton1 carmex2 carnage carnival carolcox carolina carolina1 caroline1 carolyn1
    carpedie carpediem carpente carpet carrera carrera4 carrot cartagen carter12 carter15 carter80 carthage cartman
    cartman1 cartman2 cartoon cartoons carwash1 casablan casablanca casanova caserta casey1 casey123 caseyboy
    caseydog cashflow cashmone cashmoney casino casper casper12 casper123 casper99 cassandr cassidy1 cassie cassie12
    cassiope castaway cat123 catch22 catdaddy catdog caterham caterpil catfight catfish catfish1 catherin cathouse
    catinhat catlover catman catmando cats catsdogs catsmeow catwoman caution1 cavalier caveman caveman1 cavscout
    cbarkley cbljhjdf cbljhtyrj cbr600 cbr600f3 cbr600f4 cbr600rr cbr900rr cbr929rr cbufhtnf ccbill ccccccc1
    cde34rfv cdexswzaq cdtnbr cdtnjxrf cdtnkfyf cdtnkfyrf cdtnkzxjr cdznjckfd cecilia1 cegthgegth cegthgfhjkm
    ceisi123 celeb celebrat celebrit celeron celeste1 celestia celica celicagt celine cellphon cellphone celtic
    celtic1888 celtic67 celtic88 celticfc celtics celtics1 ceng centauri central1 centrino centurion cepseoun
    cerberus cerulean cessna cessna15 cessna17 cessna172 cezer121 cfiekmrf cfitymrf cfkfvfylhf cfvlehfr cgfhnfr
    cghfdjxybr cgtwbfkbcn ch1tt1ck chaching chai chainsaw challeng chamberl chameleo chamonix champ champ123
    champagn champion champs change12 changeit changeme changeme1 changepa channel1 chantal1 chao chaos chaos666
    chaparra chapstic characte charger charger1 chargers chargers1 charisma charles0 charles1 charles2 charles3
    charless charlest charli charlie charlie0 charlie1 charlie123 charlie2 charlie3 charlie4 charlie5 charlie6
    charlie7 charlie8 charlie9 charlieb charliem charlies charlize charlott charlton charly charmed charmed1 chase1
    chase123 chaser cheater cheburashka checkers checkito checkmat cheech cheeks cheerios cheerlea cheerleaers
    cheers cheese cheese1 cheese12 cheeseca cheetah cheetah1 chelsea chelsea0 chelsea1 chelsea2 chelsea3 chelsea4
    chelsea5 chelsea6 chelsea7 chelsea8 chelseaf chelseafc chemistr cherokee cherries cherry cherry12 cherrypi
    cheshire chessman chessmas chessmaster chester chester1 chester2 chester3 chester7 chester8 chesters chevelle
    chevrole chevrolet chevy chevy1 chevy350 chevy454 chevyman chevys chevys10 chevytru chevyz71 chewbaca chewbacc
    chewbacca chewie cheyanne cheyenne cheyenne1 chgobndg chiara chibears chicago chicago0 chicago1 chicago2
    chicago3 chicago5 chicago7 chicago9 chicco22 chichi chicken chicken0 chicken1 chicken123 chicken2 chicken6
    chickens chickenwing101 chicklet chicks chico chico123 chief123 chiefs chihuahu chilango children2 chilidog
    chilli chillin chillout chilly chimaera chimaira chimera chinacat chinadol chinaman chinaski chinatow chinchil
    chinese1 chingada chinook chipmonk chipmunk chipper chipper1 chippers chippy chipster chitarra chivas chloe1
    chloe123 choclate chocolat chocolate1 choochoo chopin chopper chopper1 choppers chopsuey chou chris1 chris100
    chris123 chris200 chris999 chrisbln chrisbrown chrisrey chriss chrissie chrissy chrissy1 christ christa1
    christer christi1 christia christiaan christian1 christin christma christo1 christof christop christophe
    christopher1 christos christy1 chrome chronic chronic1 chrono chrysler chuai chuang chubby chuck123 chuckie
    chuckie1 chuckles chucky chui chuluthu chunky chuo churchil ciccio ciccione cicero cidkid86 cigarett cigars
    cincinna cinder cinderel cindy1 cindylou cingular cinnamon cisco123 ciscokid citadel citibank civilwar
    cjdthitycndj cjkysirj cjkywt cjrjkjdf cjxb2014 ck6znp42 clambake clancy clapton clapton1 clarinet clarisse
    clarkken clarkkent classact classic classic1 classics claudi claudia1 claybird claymore clayton1 clearwat
    clemence clemson clemson1 cleopatr clevelan climber clinton1 clipper clipper1 clippers clit clitlick clitoris
    clitring clockwor close-up cloud9 clouds clover clownboy clowns clubpenguin cmu9ggzh cnfnbcnbrf cnfybckfd
    cnhfyybr cnhjbntkm cnhtrjpf cnjvfnjkju cntgfirf cntgfyjdf cobain cobalt cobblers cobra cobra1 cobra123 cobra427
    cobra777 cobrajet cobras cocacola cocacola1 cocaine cock cocker cockgobbler cockring cocks cocksuck cocksucker
    cocoloco coconut cocopuff cocorico codeblue codered codered1 coffee coffee11 coffee12 cohiba coke cokeisit
    coldbeer coldfire coldplay colegiata coleman1 colin123 collants collect1 collecti collecto colleen1 college1
    collingw collins1 colnago colole57 colombia colorado colors colossus colt1911 colt45 coltrane comanche comander
    combat123654 comcast1 comet comfort1 comicbook comicbookdb comicbooks comicsans command1 command2 commande
    commando commodor communit compaq compaq12 compaq123 compass compass1 computador computadora compute compute1
    computer computer1 concord concorde concordi concrete conditio condom condor conducto conehead confiden cong
    connect connect1 connecte connecti connor connor11 connor12 consense constanc construc consulta consumer
    containe contortionist contrasena contrera control1 control2 cookie cookie1 cookie11 cookie12 cookie123 cookie13
    cookie59 cookies cookies1 cooking1 cool1234 coolbean coolbeans coolbree cooldude cooler coolfool coolgirl
    coolguy coolguy1 coolhand coolio coolman coolman1 coolness coolwhip cooper11 cooper12 coorslig coorslight
    coorslit cooter copenhag copernic copper core2duo corleone cornbrea cornbread corndog corneliu cornell1 cornflak
    cornhole cornholi cornholio cornhusk corolla corona corperfmonsy corporat corpsman corrado corrado1 corsair
    corsair1 cortland corvet07 corvett1 corvette corvette1 cosmic cosmo cosmo123 cosmodog cosmos costaric costarica
    cosworth cottage1 cougar cougars cougars1 counchac countach counter1 counterstrike country1 countryb countyli
    courtney1 cousteau coventry covingto cowabung cowboy cowboy1 cowboy12 cowboy22 cowboys cowboys0 cowboys1
    cowboys2 cowboyup coyote cptnz062 cqub6553 crabcake cracker cracker1 crackhea crackhead cracksevi craig123
    cramps cranberr crawfish crayfish crazy1 crazy123 crazybab crazyboy crazycat crazyfrog crazyman crazyzil
    creampie creamy creamyou creatine creativ1 creative creative1 creepers creosote crescent cressida crevette
    cribbage cricket cricket1 crickett crimson crimson1 crippler cristiano critter critter1 critters crjhgbjy
    crjhjcnm crocodil cronaldo crossfir crossroa croucher crownvic cruise cruiser cruiser1 crunch crusader crusher
    cruzazul crysis crystal0 crystal1 crystal2 crystal7 csfbr5yy csyekmrf ctdfcnjgjkm cthtuf cthulhu cthulhu1 cthutq
    cthuttdbx cthuttdf cthuttdyf ctrhtn ctrhtnyj ctvtyjdf cuan cubalibr cubalibre cubbies cubbies1 cubswin cubswin1
    cucciolo cucumber cuddles cuddles1 culinary cumberla cumeater cumlover cumming cumshot cumshot1 cumshots
    cumsucker cunningh cunt cuntfinger cunthole cuntlick cunts cuntsoup cupcake cupcake1 curious curious1 curitiba
    currahee custom cutegirl cutiepie cutlass cutlass1 cutter cvbhyjdf cvtifhbrb cvzefh1gk cvzefh1gkc cxfcnkbdfz
    cxfcnmt cxfcnmttcnm cxzdsaewq cyber cyberman cybernet cyberonline cybersex cyclone cyclone1 cyclones cyclops
    cyclops1 cyecvevhbr cygnus cygnusx1 cyjdsvujljv cynthia1 cypress cypress1 cytuehjxrf cytujdbr czekolada d1234567
    d1i2m3a4 d1lakiss d78unhxq dabears dabl1125 dad2ownu daddy1 daddy123 daddymac daddysgirl daedalus daemon daewoo
    daffodil daffyduc daffyduck daftpunk dagestan dagger dagobert daisy1 daisy123 daisy3112 daisydog daisymae
    daisymay dakota dakota01 dakota12 dakota99 dalejr dalejr88 dalglish dallas dallas01 dallas1 dallas11 dallas12
    dallas21 dallas22 dallastx dalmatio dalshe damage11 damilola dammit damned69 damngood damnit damocles dance123
    dancer dandelio dandelion dang danger dangerou danie daniel01 daniel1 daniel10 daniel11 daniel12 daniel123
    daniel20 daniel21 daniel26 daniela1 danielit danielle1 daniil danijela danil8098 danila danilova danni danniash
    danny001 danny1 danny123 dannyboy dannym88 dante123 danthema dantheman danzig dapzu455 daredevi daredevil
    darkange darkangel darkfire darkhors darkjedi darkknig darkknight darklord darkmage darkman darkmanx darkmoon
    darkness darkness1 darknigh darknight darknite darkseed darkside darksoul darkstar darkwing darkwolf darling1
    darthmau darthmaul darthvad darthvader dartmout dasha123 dasha2010 dashadasha dashenka datalife datalore
    datnigga dave1234 davecole daveyboy david1 david123 david777 davide davidkin davidlee davidoff davidruiz davids
    davinchi dawg daydream daytona daytona1 daywalker dbjktnnf dbm123dm dbrnjh dbrnjhbz dbrnjhjdbx dbrnjhjdyf
    dbyjuhfl dcowboys dctdjkjl dctktyyfz dctvcjcfnm dctvgbplf dctvghbdf dctvghbdtn dcunited ddddddd1 de1987ma
    deadfish deadhead deadlift deadlock deadman deadman1 deadmau5 deadmeat deadmoin deadpool deadsexy deadsoul
    deadspin deadwood deadzone death1 death123 death666 deathnote deathrow deathsta deathstar debbie69 deborah1
    debugger december1 decembre deejay deepblue deepdive deeppurple deepthro deepthroat deepwate deerhunt deerhunter
    deerpark deeznuts deeznutz default1 defender defiant defiant1 deflep27 deftones delasoul delerium delete
    deliciou delight delorean delphi delpiero delta delta1 delta123 deltachi deltaforce deltaone deltasig deluxe
    demetrio demetriu demo demon123 demon666 den12345 denali deng denis123 denis1984 denis1988 denis2011 deniska
    denman85 dennis12 depeche depeche1 depechemode derparol derrick1 derrickh desdemon desember desert designer
    desire deskjet deskjet1 desperad desperado desperados destinee destiny destiny1 destiny2 destiny7 destroye
    detectiv dethklok detroit detroit1 deutsch deutschl deutschland devil devil123 devil666 devilboy devildog
    devildriver devilish devilman devilmay devilmaycry devilmaycry4 devils devo2706 devochka dexter dezember
    dfcbkbcf dfcbkbq dfcbkmtd dfcbkmtdf dfkmltvfh dfkmrbhbz dfkthbz dfkthf dfktynby dfktynbyf dfktynbyrf dfnheirf
    dfvgbh dfyjdf846 dgl70460 dharma dhjnvytyjub diablo diablo11 diablo23 diablo66 diablo666 diablo69 diabolic
    diabolik dialog diamante diamond diamond0 diamond1 diamond2 diamond3 diamond4 diamond6 diamond7 diamondb
    diamondd diamonds diana123 dianochka diao diapason diciembr dick dickface dickhead dickie dickless dicklick
    dicks dickster dicksuck dickweed dictiona diego123 diehard diesel diesirae dietcoke dieter differen digger
    diggler digimon digital digital1 digital2 digitalprodu digiview dignity7 dilbert dilbert1 dildo dilligaf
    dilligas dillinge dillweed dima dima1234 dima12345 dima1985 dima1989 dima1990 dima1991 dima1992 dima1993
    dima1994 dima1995 dima1996 dima1997 dima1998 dima1999 dima2000 dima2009 dima2010 dimabilan dimanche dimedrol
    dimensio dimidrol dimitris dimochka dimon4ik dinamite dinamo dinara ding dingdong dinmamma dinosaur dinsdale
    diogenes dionysus diosesamo dipascuc dipshit dipstick direktor direwolf dirkpitt dirtball dirtbike dirtybir
    dirtyboy dirtydog dirtygirl dirtyman discgolf discover diskette disney disturbe divedeep diver diversio divine
    dixiedog djg4bb4b djgabbab djkrjlfd djkujuhfl djtiesto dkflbckfd dkflbdjcnjr dkflbvbh dkflbvbhjdbx dkflbvbhjdyf
    dkjfghdk dm6tzsgp dmfxhkju dmitriev doberman doctor doctorwh dodge1 dodger dodgeram dodgers dodgers1 dodgeviper
    dog123 dogballs dogbert dogbert1 dogboy dogbreat dogbreath dogcat dogfight dogfood dogg dogger doggie doggy
    doggy123 doggydog doggysty doggystyle doghouse doglover dogman dogphil3650 dogpound dogs dogshit dogstyle
    dohcvtec doitnow dolemit1 dolemite dolittle dollar dollarbi dollface dolomite dolphin dolphin1 dolphin2 dolphin9
    dolphins dolphins1 doma77ns domainlock2005 domenico dominati dominator dominic1 dominika dominion dominiqu
    domino domodedovo donaldduck donatello donkey donkeykong donna123 dont4get dontcare dontdoit dontforg dontgotm
    donthate dontknow donttell donuts doobie doodle doodlebu doofus doogie dookie doomsday doorknob dopehead
    doraemon doromich dorothee dorothy1 dortmund dotcom dothedew doughboy douglas1 dovetail dowjones downhill
    downunde draconis dracula dracula1 drago dragon dragon00 dragon01 dragon05 dragon1 dragon10 dragon11 dragon12
    dragon123 dragon13 dragon19 dragon20 dragon21 dragon22 dragon23 dragon25 dragon33 dragon64 dragon66 dragon666
    dragon69 dragon76 dragon77 dragon88 dragon98 dragon99 dragonage dragonba dragonball dragonballz dragonfi
    dragonfire dragonfl dragonfly dragonla dragonma dragons dragons1 dragonss dragoon dragoon1 dragrace dragstar
    dragster drakon dreamcas dreamcast dreamer dreamer1 dreamer2 dreamers dreamgirl dreams dressage drifter driver
    drizzt drjynfrnt dro8smwq droopy dropdead dropkick dropzone drowssap drpepper drstrang drumandbass drumline
    drummer drummer1 drummers drumnbass ds7zamnw dsobwick dtcyeirf dtheyxbr dthjybrf dthjybxrf dthyjcnm dtkjcbgtl
    dtxyjcnm duan dublin ducati ducati74 ducati99 duchess duchess1 duck duckhunt duckie duckling duckpond ducksoup
    ducttape dude1234 dude1998 dudelove duffbeer dukeblue dukenuke dukenukem dukester dumbass dumbass1 dumbfuck
    duncan21 dundee dune2000 dupont24 duracell durandal durango durango1 duster dustin23 dusty1 dusty123 dusty197
    dustydog dutchess dutchman dylandog dynamite dynamo dynastar dynomite dzxtckfd eae21157 eagle eagle1 eagle123
    eagleeye eagleman eagleone eagles eagles05 eagles1 eagles11 eagles12 eagles20 earlgrey earnhard earthlin
    earthlink eastern1 eastside eastwest eastwood easy1234 easypass easyride eatme eatmenow eatmeraw eatmyass
    eatpussy eatshit eatshit1 eclipse eclipse1 eclipse2 eclipse9 economia edcwsxqaz eddie1 eddie123 eddie666
    edelweis edgewise edgewood edinburg eduard eduardo1 educatio edward1 edward11 edward12 edwards1 edwardss
    eeeeeee1 eeyore efbcapa201 eggplant eight888 eightbal eightball einstein eintrach eintritt ejaculation ekaterina
    ekaterina20 ekilpool eklhigcz el345612 el546218 elaine22 elbereth elcamino eldiablo eldorado eldritch eleanor1
    electra electra1 electric electro electron elefante elektrik element element1 elementa elena123 elena1971
    elena2010 elenberg elephant elephant1 eleven11 elfquest elfstone elisabet elizabet elizabeth1 elizaveta ellehcim
    elliott1 elmer251 elvira26 elvis1 elvis123 emachine emachines emanuela emanuele embalmer emerald emerald1
    emergenc emerson1 emiliano emily1 emily123 emilyann eminem eminem12 emmajane emmitt22 empire empire11 emyeuanh
    enamorad endymion energize energizer energy12 enforcer engage engineer england1 english1 enigma enlighte
    enolagay enrico enrique1 enron714 enter enter1 enter123 enternow enterpri enterprise entertai entropy envision
    epaulson epervier epiphone episode1 epsilon epsilon1 eraser erection ereiamjh eric1234 ericsson erotic erotica
    escaflowne escalade escorpio escorpion escort esmerald esperanz espresso essayons essendon estefani estoppel
    estrellit eternal eternal1 eternity ethernet euclid90 euphoria eureka euro2000 eurocard euroline europa eus1sue1
    evanescence evangeli evangelion evenflow everclea everest everest1 evergree everlast everlong evermore everques
    everquest everton everton1 evertonf everythi evgeniya evildead evolutio excalibe excaliber excalibu excalibur
    excellen excelsio exclusiv executiv executor exigen exigent exodus exotic expediti exploite exploiter explore1
    explorer explorer1 express express1 express2 extra300 extra330 extreme extreme1 eybdthcbntn eyecandy f**k
    f00tball f14tomcat f15eagle f1f2f3f4 f22raptor f8yruxoj fabie fabienne fabolous fabregas fabric facefuck facial
    faggot fahjlbnf failsafe fairchil fairfiel fairlady fairlane fairmont fairview faith123 fakepass falcon falcon01
    falcon1 falcon11 falcon12 falcon16 falcon69 falcons falcons1 fallen fallenangel fallengun fallout fallout1
    fallout2 fallout3 falloutboy falstaff family01 familyguy fandango fang fantasia fantasma fantasti fantasy
    fantasy1 fantasy7 fantomas fantomen farfalla farscape farside farside1 fart fartface fartripper fastback
    fastball fastcars fastdraw faster fastfood fastlane fatal1ty fatass fatbitch fatboy fatcat fatdaddy fatgirls
    fathead1 fatluvr69 fatman fatpussy favorite2 favorite3 favorite4 favorite5 favorite6 favorite7 favorite8
    fbi11213 fcbarcelona fcbayern fcc5nky2 fearless feather feather1 feathers federica fedorova feelgood fefolico
    feldspar felicia1 felicida felicidade felix1 felix123 felixxxx fellatio fellowes fender fender1 fender12
    fenerbahce feng fengshui fenomeno ferdinan fergie fergus ferien12 fernand ferndale ferrari ferrari1 ferrari2
    ferrari3 ferrari5 ferraris ferret fester fetish fetish01 fetish69 feuerweh feuerwehr feyenoor feyenoord fffffff1
    ffvdj474 fgdfgdfg fghtkm fgjrfkbgcbc fgtkmcby fhbyjxrf fhnehxbr fhntv1998 fhutynbyf fhvfutljy fibonacci ficken
    ficktjuv fiction6 fiction7 fidelio fidelity fidodido fiesta fietsbel fifa2008 fifa2010 fifa2011 figaro fightclu
    fightclub fighter fighter1 fighting54 filatova filibert filmstar filter finalfan finalfantasy finance1 financia
    finger finnland fire fire1234 fireball firebird fireblad fireblade firedawg firedept firefigh firefighter
    firefly firefly1 firefox firehawk firehose firehous fireman fireman1 fireplug firestar firestarter fireston
    firestor firestorm firetruc firetruck firewall firewire firework firstone firstone123 firstson firsttim fish
    fish1234 fishbait fishbone fishcake fisherma fisherman fishes fishface fishfood fishhead fishhook fishin fishing
    fishing1 fishlips fishpond fishtank fistfuck fisting fitness fitness1 fitzgera fiveiron fivestar fjnq8915
    fk8bhydb fkbyf001 fkbyjxrf fkg7h4f3v6 fkmnthyfnbdf fkojn6gb fkrjujkbr fktdnbyf fktif6115 fktrcfyl fktrcfylh
    fktrcfylh1 fktrcfylhf fktrcfylhjd fktrcfylhjdbx fktrcfylhjdf fktrcfylhjdyf fktrcfylth fktrctq fktrcttd fktrcttdf
    fktyeirf fktyjxrf flameboy flamengo flames flamingo flanker flapjack flash flash1 flash123 flashbac flashman
    flashnet flatbush flathead flatland flatline flatron flatron1 fleetwoo fleshbot fletch flexible flexscan
    flhtyfkby flimflam flintsto flintstone flipflop flipmode flipper flipper1 flipside floppy florenci florian
    florian1 florida florida1 florida2 flounder flower flower12 flowers1 fluffy flvbybcnhfnjh flyboy flyers flyers88
    flyers99 flyfish flyfishi flyvholm flywheel fm12mn12 fnkfynblf foiegras followme foobar foofight footbal
    footbal1 football football1 football12 football123 football2 foothill footlong footlove footslav forbidde
    ford9402 fordf150 fordf250 fordf350 fordfocus fordgt40 fordtruc fordtruck foreplay foreskin forest forest11
    forest99 foreve forever forever1 forever21 forfun forgetit forgetme forgotit forgotte forklift formatters
    formula formula1 forrest1 forsaken fortknox fortuna fortunat fortune1 fortune12 fortytwo forward1 foryou
    forzaroma fossil fotograf foucault foundati fourkids fourplay fourstar foxglove foxhound foxmulder foxtrot
    foxtrot1 foxwoods foxy foxylady foxyroxy fractals franc france98 frances1 francesc franchis francis1 francisc
    frank1 frank123 frankfur frankie1 franky frdfhbev frdfkfyu fre_ak8yj freakboy freakout freaks freaksho freakshow
    freaky freckles fred1234 fredderf freddie1 freddy freddy12 frederik frederiksberg fredonia free4all freebird
    freecell freeclus freedom freedom0 freedom1 freedom2 freedom3 freedom4 freedom5 freedom7 freedom8 freedom9
    freefall freehand freelanc freelove freemail freeman1 freeones freepass freeporn freeport freeride freesex
    freespace freestuff freestyl freetime freeuser freeway freeway1 freewill freiheit frenchfr frenchie frequenc
    frfltvbz friday friday13 fridolin friedric friends1 friendste friendster fright frisco frisky frodo frog frogger
    frogger1 froggies froggy froglegs frogman frogman1 froinlaven fromhell fromvermine front242 frontera frontier
    frontosa frost1996 frostbit frosty frozenfish fruitbat fruitcak fsd9shtyu fsunoles fubar fubar123 fuck fuck1234
    fuck_inside fucked fuckedup fucker fucker11 fucker12 fucker69 fuckers fuckface fuckfest fuckgirl fuckhard
    fuckhead fuckher fuckhole fucking fucking1 fuckinside fuckit fuckitall fucklife fucklove fuckme fuckme1 fuckme69
    fuckmeha fuckmehard fuckmeno fuckmenow fuckmyass fuckmylife fucknuts fuckoff fuckoff1 fuckoff2 fuckshit fuckslut
    fuckthat fuckthem fuckthemall fucktheworld fuckthis fucku fucku2 fuckuall fuckyeah fuckyo fuckyou fuckyou!
    fuckyou0 fuckyou1 fuckyou12 fuckyou123 fuckyou2 fuckyou6 fuckyou69 fuckyou7 fuckyou8 fuckyoubitch fuckyouguys
    fufnfrhbcnb fugazi fuhrfzgc fujifilm fulham fulhamfc fullback fullhous fullmetal fullmoon fullsail fumanchu
    funfunfu funhouse funkster funnyguy funnyman funstuff funtime funtime1 funtimes furelise furnitur fusion
    fussball futbol futurama futyn007 fuzzball fuzzy fvcnthlfv fy.njxrf fyfcnfcbz fyfnjkbq fyfnjkmtdbx fyfnjkmtdyf
    fyfrjylf fylh.irf fylhjvtlf fylhtq fylhtq123 fylhtq95 fylhtqrf fylhttdf fynfyfyfhbde fynjy123 fynjybyf fynjyjdf
    fytxrf fyutkbyf fyutkjxtr g0dz1ll4 g1234567 gabrie gabriel1 gabriel12 gabriel2 gabriell gadget gadzooks gagging
    galactic galactus galadriel galatasara galatasaray galaxy galeries galina gallaghe gallaries galore galvesto
    gambit gameboy gamecock gamecocks gamecube gamemaster gameover gametime gandalf gandalf0 gandalf1 gandalf2
    gandalf3 gandalf7 ganesh gangbang gangbanged gangsta gangsta1 gangstar gangster gangster1 ganjaman ganjubas
    gannibal ganymede garbage1 garden gardenia garfield garfield1 gargamel gargoyle garibald garion garrett1 gasman
    gatekeep gateway gateway1 gateway2 gateway3 gateway9 gateways gator gator1 gatorade gatorman gators gators96
    gaudeamus gauloise gauntlet gavrilov gawker gayathri gb15kv99 gbgbcmrf gbhfvblf gbkbuhbv gblfhfcbyf gblfhfcs
    gbljhfcs gborv526 gbpacker gbplf123 gbpltw gbpltw123 gcheckou gcheckout gearhead geddylee geemoney gegcbr geheim
    geibcnbr geilesau gemini gemini12 gemini13 gemini69 gemstone general1 generic generic1 genesis genesis1 genesis2
    geneviev geng genius geniusnet gennadiy geolog323 georg george01 george1 george11 george12 george13 georgia1
    georgia2 geraldin gerasimova gerlinde germania germany1 geronimo gerrard8 gerrity1 gerryber gesperrt getalife
    getfucked getinnow getmoney getnaked getout getsdown getsmart getsome gettysbu gevaudan gfccdjhl gfccgjhn
    gfgf1234 gfgfrfhkj gfgfvfvf gfhfcjkmrf gfhfljrc gfhfvgfvgfv gfhfyjbr gfhfyjqz gfhjkbot gfhjkm gfhjkm007 gfhjkm1
    gfhjkm11 gfhjkm12 gfhjkm123 gfhjkm13 gfhjkm135 gfhjkm22 gfhjkm777 gfhjkmgfhjkm gfhjkmxbr gfhjkzytn gfhkfvtyn
    gfhnbpfy gfif1991 gfitymrf gfxqx686 gfyfcjybr ggggggg1 ghbdtn ghbdtn12 ghbdtn123 ghbdtnbr ghbdtnbr1 ghbdtnbrb
    ghbdtndctv ghbdtnghbdtn ghbdtngjrf ghbdtnrfrltkf ghbjhbntn ghblehjr ghblehrb ghbrjkbcn ghbrjkmyj ghbywtccf
    ghetto ghfplybr ghhh47hj764 ghhh47hj7649 ghislain ghjatccjh ghjcgtrn ghjcnbnenrf ghjcnbvtyz ghjcnj ghjcnj123
    ghjcnjabkz ghjcnjgbpltw ghjcnjgfhjkm ghjcnjghjcnj ghjcnjnf ghjcnjnfr ghjcnjnfr1 ghjcnjqgfhjkm ghjcnjrdfibyj
    ghjcnjrdfif ghjdthrf ghjgfufylf ghjnbdjcnjzybt ghjnjnbg ghjnjrjk ghjrehfnehf ghjrehjh ghjrjgtyrj ghjuhfvbcn
    ghjuhfvvbcn ghjuhfvvf ghjuhtcc ghjvtntq ghost ghost1 ghost123 ghostdog ghostman ghostrid ghostrider ghtktcnm
    ghtlfntkm ghtpbltyn giancarlo gianluca giantess giants giants56 gibsonsg gigabyte gigemags gilbert1 gilgames
    gilgamesh gilles gillian1 gimmesum ginger ginger1 ginger11 ginger12 ginger123 ginger69 ginscoot gintonic
    ginuwine giorgi giorgio giraffe girfriend girls girls4me giuliana giveitup gizmo gizmo1 gizmo123 gizmodo
    gizmodo1 gizmodo2 gjdtkbntkm gjhjctyjr gjikbdctyf gjkbyf gjkbyjxrf gjkrjdybr gjkysqgbpltw gjkzrjdf gjlcnfdf
    gjytltkmybr gkfdfybt gladbach gladiato gladiator gladiolus gladston glasgow1 glasnost glassjaw glendale glennwei
    glenwood glock9mm glowworm gmctruck gmoney gn56gn56 gnasher23 goalie goat goathead goaway gobears gobigred
    goblin goblue gobrowns gobruins gobucks gobuffs2 godbless goddess goddess1 godfathe godfather godflesh godisgoo
    godisgood godisgreat godislov godislove godloves godofwar godsgift godslove godsmack godspeed godswill godzilla
    goeagles gofaster gofish goforit goforit1 gogators gogetter gogiants gohabsgo goirish goirish1 goku golakers
    golden goldenbo goldenboy goldeney goldeneye goldfing goldfinger goldfish goldmine goldorak goldrush goldsink
    goldstar goldtree goldwing goleafsg golf golf1234 golfball golfcart golfclub golfer golfer01 golfer1 golfer11
    golfer12 golfer23 golfing golfing1 goliath gollum gonavy gondolin gonefish gong goniners gonzo gonzo123 goober
    goober12 good12345 good123654 good4now good4you goodbeer goodboss goodboy goodbye1 goodfell goodfellas goodfood
    goodgame goodgirl goodhead goodison goodlife goodlove goodluck goodmorning goodnews goodpussy goodstuf goodstuff
    goodtime goodtimes goodtogo goodwood goodyear goofball goofy google google10 google12 google123 gooner goose
    gooseman gopher gopinath gorbunov gordolee85 gordon24 gorilla gorilla1 gorilla9 gorillaz gotcha gothic gotigers
    gotohell gotyoass govols grace123 gracelan grandam1 grandma1 grandorgue grandpri grandprix granny granvill
    grapeape grapes grappler grasshop gravedig graywolf gre69kik grease great1 great123 greatdan greatgoo greatman
    greatone greatsex greatwhi greatzyo greedisgood greekgod green1 green123 green420 greenbay greenbud greenday
    greenday1 greendog greenegg greenery greeneye greeneyes greenlan greenlantern greenman greenpea greens greentea
    greentre greentree greenwoo gregor gregory1 gremlin gremlins grendel grendel1 greshnik gretzky gretzky9 greyhoun
    greywolf gridlock griffey griffey1 griffin1 griffins grigoryan grimlock grimreap grinders gringo grizzley
    grizzlie grizzly grizzly1 gromit groove groovy groucho groucho1 groundho groupd2013 grumpy gsewfmck gsgba368
    gsxr1000 gsxr1100 gsxr750 gtfullam gthtcnhjqrf gthtrhtcnjr gtkmvtyb gtkmvtym gtnhjczy gtnhjdbx gtnhjdyf
    gtnhjpfdjlcr gtogto43 gtxtymrf guadalup guai guang guardian guatemal guderian guesswho guildwars guilherme
    guillaum guillerm guiness guinness guinness1 guitar guitar01 guitar1 guitar11 guitar12 guitar69 guitarma
    guitarman guitarra guitars gulfstre gulliver gunblade gundam gundam00 gungadin gunnar gunner gunners gunners1
    gunsling gunslinger gunsmith gunsmoke gunther1 gustav gustavo1 gutentag gutierre guybrush guyver gwendoli
    gxlmxbewym gy3yt2rgls gymnast1 gymnastic gypsy gznybwf13 h200svrm h397pnvr h9iymxmc habanero habibi hack hacked
    hackedit hacker hagakure haggis haileris hairball hairy hakkinen hal9000 halflife halflife2 halfmoon halfpint
    halifax hallo hallo123 hallowboy hallowee haloreach hambone hambone1 hamburg hamburg1 hamburge hamish hamlet
    hammarby hammer hammer01 hammer1 hammer11 hammer12 hammer22 hammer69 hammer99 hammerhe hammers hammers1
    hammertime hampster hamradio hamster hamster1 handbags handball handcuff handsoff handyman hankster hannah
    hannah01 hannah1 hannah11 hannah12 hannah22 hannelor hannibal hannover hansolo hansolo1 hanswurst happines
    happy1 happy100 happy123 happyboy happyday happydays happydog happyface happyguy happyhap happyjoy happylife
    happyman happyness happyone happytim harakiri hardball hardbody hardc0re hardcock hardcor1 hardcore hardcore1
    harddick harddriv hardhead hardline hardon hardpack hardrock hardtail hardtime hardtoon hardwareid hardwood
    hardwork harlequi harley harley01 harley03 harley1 harley11 harley12 harley13 harley20 harley69 harley88
    harley99 harmony1 harrison1 harry1 harry123 harrydog harrypot harrypotter harsingh hartland harvest hatebree
    hatelove hatesyou hatteras hattrick haustool havana havefun havefun1 hawaii hawaii50 hawaiian hawaiiguy
    hawkdog79 hawkeye hawkeye1 hawkeyes hawkmoon hawkwind hawkwood hawthorn hayabusa hayastan hazelnut
    hd764nw5d7e1vb1 headcase headhunt headless headroom headshot heartbre hearts heat7777 heater heather1 heather2
    heather4 heather6 heather7 heather9 heathers heathrow heatwave heaven heavymet heavymetal heckfy heckfyxbr
    hedgehog hedimaptfcor hedj2n4q hedonism hedonist heimdall heineken heinlein hejmeddig helicopt hellbent
    hellbound hellboy hellfire hellgate hellhoun hello hello1 hello101 hello123 hello1234 helloall hellohel hellokit
    hellokitty helloman hellomoto helloo hellos hellothe hellothere helloween helloworld helloyou hellrais
    hellraiser hellsing hellspaw hellspawn hellyeah helmet helpdesk helpme hemicuda hemingwa hemmelig henderso
    hendrix hendrix1 heng henriett henrique henry1 henry123 hentai herbert1 herbie hercules herewego herkules hermes
    hermione hernande herpderp hershey hershey1 hesoyam hesoyam1 hesoyam123 hetfield hewlett heynow heythere
    hfcgbplzq hfcnfvfy hfgcjlbz hfpldfnhb hhhhhhh1 hiawatha hibernia hibiscus hidden higgins1 highball highbury
    highfive highheel highjump highland highlander highlife highspee hightech hightime highway1 highwind hihje863
    hijodeputa hilfiger hillary1 hillbill hillcres hillside hiphop hippie hiroyuki history1 hithere hithere1 hitler
    hitman hitman47 hjccbz hjcnbckfd hjlbntkb hjvfirf hjvfyjdf hjvfynbrf hkger286 hobbes hobbes12 hobbit hobiecat
    hockey hockey1 hockey10 hockey11 hockey12 hockey123 hockey13 hockey14 hockey19 hockey21 hockey22 hockey33
    hockey69 hockey99 hoddling hogwarts hokies holeinon holeshot holiday holiday1 holland1 holliste hollister1
    holly1 holly123 hollydog hollywoo hollywood1 holycrap holymoly holyshit homebase homeboy homebrew homedepo
    homefree homegrow homemade homepage homer1 homer123 homerj homerjay homers homersim homerun homerun1 homewood
    homeworld honda honda1 honda123 honda200 honda250 honda450 hondacar hondacbr hondaciv hondacivic hondacrv
    hondacrx hondaman hondas hondas2000 hondavfr honey1 honey123 honeybea honeybear honeybee honeybun honeydew
    honeydog honeypie honeypot hongkong honolulu hookedup hookem hooker hookup hooligan hoopstar hoopster hoosier
    hoosier1 hoosiers hooter hooters hooters1 hooters6 hootie hopalong hopeful hopeful1 hopefull hopkins1 horizon
    horizon1 hornball horndog horndog1 horndogg hornet hornets1 horney horny horny1 horny123 hornyboy hornydog
    hornyguy hornyman hornyone horse horseman horsemen horses horsesho hosehead hot2trot hotbabes hotbitch hotbox
    hotboy hotchick hotchkis hotdog hotdog12 hotgirls hotlanta hotpants hotpussy hotred hotrod hotsauce hotsex
    hotsex69 hotshot hotshot1 hotspurs hotstuff hottie hotwater hotwheel hotwheels hounddog house1 house123 housebed
    housecat housepen housewife housewifes houston1 hovepark hover hoyasaxa hpmrbm41 hrothgar hrvatska hshfd4n279
    htcnjhfy htubcnhfwbz huai hubbahub hubertus hugecock hugedick hugetits hugoboss hulkster hullcity hummer
    hummerh2 hungwell hunnybun hunt0802 hunt4red hunter hunter01 hunter1 hunter11 hunter12 hunter123 hunter22
    hunter69 hunter99 hunting hunting1 huntress hurrican husker huskerdu huskers huskers1 huskies huskies1 hustler
    hustler1 hvidovre hxp4life hxxrvwcy hydepark hyperion hyperlit hypnodanny hzze929b iaapptfcor iambigal iamgod
    iamgreat iamhappy iamhorny iampurehaha2 iamthema iamtheman iamtheone ib6ub9 ibanez ibelieve ibill123 ibilljpf
    ibilltes icam4usb icandoit iceberg icecream icecube1 icehouse iceman iceman11 iceman44 iceman69 icequeen
    icewater icu812 iddqdiddqd iddqdidkfa idinahui idlewild idontcare idontkno idontknow idunno ifoptfcor iforgot
    iforgot1 iforgotit ifufkbyf ignatius igor igor1234 igor1994 igromania iguana ihateyou ihateyou1 iiiiiii1
    ijrjkflrf ikilz083 ikmvw103 ilikepie ilikeporn ilikepussy ilikesex ilikeyou illini illmatic illumina illuminati
    illusion iloveamy iloveass iloveboobies ilovecock ilovedick ilovegirls ilovegod iloveher ilovehim ilovejen
    ilovejes ilovejesus ilovekim ilovelife iloveluc ilovelucy ilovemar iloveme iloveme1 iloveme2 ilovemom ilovemusic
    ilovemyfamily ilovemylife ilovemyself ilovepor iloveporn ilovepus ilovepussy ilovesex ilovetit ilovetits iloveu
    iloveyo iloveyou iloveyou! iloveyou1 iloveyou11 iloveyou12 iloveyou123 iloveyou2 iluvporn iluvtits ilya1234
    ilya1992 imaccess imagine1 imaloser imation imissyou imladris immortal impala impalass imperator imperium
    implants importan impossib imtheman inandout incognit incognito incubus incubus1 indahous indahouse independ
    india123 indiana indiana1 indiana7 indianali indianer indians indians1 indigo indonesi inferno inferno1 infiniti
    infinity inflames informat infotech ingenier ingersol ingodwetrust ingram01 inkognito insane insert insertion
    insertions insomnia inspecto inspiron install installdevic installsqlst installutil insuranc integra integra1
    integrit intel intelinside interacial intercourse intermilan internat internet internet1 intersta intheass
    intheend intranet intrepid intruder inuyasha invalidp invernes invictus invisibl iomega ipswich ipswich1
    iqzzt580 iraffert ireland1 irina irina123 irina1991 irinka irish1 irish123 irishman ironbird ironchef ironcity
    irondesk irondoor ironfish ironfist ironhead ironhors ironhorse ironlung ironmaid ironmaiden ironman ironman1
    ironman2 ironmike ironpony ironroad ironside ironsink irontree is3yeusc is_a_bot isabella1 isacs155 iscool
    iseedeadpeople isengard ishikawa iskander islander istanbul isthebes istheman italia italian1 italiano itdxtyrj
    itsasecret itsme ivan1985 ivan2010 ivanov ivanova iverson iverson3 iwantsex iwantu iwantyou izabella j0nathan
    j1234567 j3qq4h7h2v jabberwo jabroni jabroni1 jack1234 jack2000 jack5225 jackal jackaroo jackass jackass1
    jackdani jackdaniels jackfros jackfrost jackhamm jackie01 jackie69 jackiech jackmeof jackoff jackoff1 jackpot
    jackpot1 jackryan jackson1 jackson2 jackson5 jackson6 jackson9 jackster jacob1 jacob123 jacqueli jadakiss jagger
    jaguar jaguarxj jahbless jailbait jailbird jaimatadi jake1234 jake5253 jakester jakeyboy jalal123 jalapeno
    jamaica jamaica1 james007 james1 james123 jamesbon jamesbond jamesbond007 jamesdea jameson1 jamie1 jamie123
    jamielee jammer jammin jansport january1 january2 japanees jaredleto jarhead jarhead1 jasmine jasmine1
    jasmine123 jasmine2 jasmine3 jasmine5 jasmine7 jasmine9 jason1 jason123 jasper jasper12 java javabean jawbreak
    jaybird jayden jaydog472 jayhawk jayhawk1 jayhawks jaysoncj jazz1234 jazzbass jazzman jazzman1 jbond007 jeanmarc
    jeanpaul jedi jediknig jediknight jedimast jedimaster jeep jeepster jeff1234 jefferso jeffery1 jeffhardy
    jeffrey1 jeffrey4 jelly jellybea jellybean jellyfis jemoeder jenn jenna123 jennife jennife1 jennifer1 jenny1
    jenny123 jeremy1 jericho jericho1 jerkoff jerkyboy jeronimo jerry1 jerrylee jerusale jesse123 jessejames jessic
    jessica0 jessica1 jessica2 jessica3 jessica6 jessica7 jessica8 jessicam jessicas jester jesucrist jesus1
    jesus123 jesus4me jesus777 jesuschr jesuschris jesuschrist jesusgod jesusis1 jesusislord jesussaves jetbalance
    jetblack jethro jets jetski jewels jezebel jg3h4hfn jgthfnjh jgtxzbhr jhnjgtl12 jhrl0821 jiang jiao jigei743ks
    jiggaman jillian1 jimandanne jimbo jimbo1 jimbo123 jimbob jimdavis jimmy1 jimmy123 jimmyboy jimmyjam jimmypag
    jing jingle jiong jitterbu jiujitsu jjjjjjj1 jkbvgbflf jktymrf jlbyjxrf jlbyjxtcndj jledfyxbr jlettier jnrhjqcz
    jo9k2jw2 jobsearc jockey jockstra joeblack joesakic joesmith johann johanna1 johannes john1234 john316 johnatha
    johnboy johncena johndeer johndeere johngalt johnmish johnny1 johnny12 johnny69 johnny99 johnnybo johnpaul
    johnsmith johnson1 johnson2 johnson4 johnwayn joker joker1 joker123 joker666 joker777 jokers jollymon jonathan1
    jones1 jonnyboy jor23dan jorda jordan jordan01 jordan1 jordan10 jordan11 jordan12 jordan123 jordan18 jordan20
    jordan22 jordan23 jordan45 jordan99 joselito joseluis joseph1 joseph10 joseph11 joseph12 josephin joshua01
    joshua1 joshua10 joshua11 joshua12 joshua19 joshua99 journey1 joxury8f joystick jrcfyf jrcfyjxrf jsbach jtuac3my
    juancarlo juancarlos juanjose juanpabl jubilee juggalo juggalo1 juggerna juggernaut juice juiceman juicy
    julemand julia123 julie1 julie123 julie456 julien jumper jumpman23 jumpshot junebug junebug1 jungfrau jungle
    junglist junior junior01 junior1 junior12 junior123 junior13 junior24 junkfood junkmail junkyard jupiter
    jupiter1 jupiter2 jurassic just4fun just4me just4you justdoit justforf justforfun justice justice1 justice2
    justin01 justin1 justin10 justin11 justin12 justin123 justinbiebe justinbieber justine1 justlook justme justonce
    juventus juvis123 jvtuepip jxfhjdfirf jzf7qf2e k1234567 k123456789 k9dls02a kahuna kaitlynn kakaroto kakashka
    kaktus kalamazo kalambur kalender kalifornia kaligula kalimera kalinina kalleank kalleanka kallisti kamakazi
    kamakiri kamasutr kamasutra kamehame kamehameha kamelia2011 kamikadze kamikaze kamikazi kamila kangaroo
    kanmax1994 kansas kappaman kappasig karaganda karamelka karandash karate kardinal kareltje karen1 karen123
    karimova karina karishma karlmarx karlmasc karolina karolina1 karolinka kartoshka kashmir kasparov kasper
    kasperok katana katarina katemoss katerina katerinka katharin kathryn1 katie1 katie123 katiebug katiedog
    katmandu katrin katrina1 katya123 katyusha kawasaki kayaking kayla123 kazakova kazanova kazantip kbdthgekm
    kbnthfnehf kbpfdtnf kcchiefs kcj9wx5n kcmfwesg kd189nlcih keeper keith123 kekskek1 kelly001 kelly1 kelly123
    kellyann kemerovo kenaidog kendall1 keng kennedy1 kenneth1 kenneth2 kennwort kenny123 kenshin kenshin1 kenshiro
    kensingt kenwood kenwood1 kenworth kerberos ketamine kevin1 kevin123 keyboard keylargo keystone keywest keywest1
    kfcnjxrf kfhbcf kfnju842 kfvgjxrf kgvebmqy khongbiet kickass kickass1 kickbutt kicker kickflip kicksass kidrock
    kikimora kikiriki kilbosik killabee killbill killemal killemall killer killer00 killer01 killer1 killer11
    killer12 killer123 killer13 killer23 killer66 killer666 killer69 killer77 killer99 killerbe killerbee killerman
    killers killians killjoy killme killswit killzone kilroy kimber45 kimberle kimberly1 kimmie kindbuds king1234
    kingdom1 kingfish kingfisher kingkong kinglear kingpin kingpins kingrich kingshit kingsize kingston kinky
    kinkysex kipper kirill kirill123 kirsten1 kirsty kissarmy kisses kissme kissmyas kissmyass kissthis kitkat
    kitten kittens kitty kitty1 kitty123 kittycat kittykat kittykit kjkszpj kjrjvjnbd kki177hk kkkkkkk1 kl?benhavn
    klapaucius klaster klaudia1 kleopatra klimenko klingon klingon1 klondike klootzak klubnika kluivert knickerless
    knickers knicks knight12 knight99 knights knights1 knockers knopfler knopka knopo4ka knothead knowledg knuckles
    kobayash kobebryant kochamcie kochanie kodaira52 kodiak koetsu13 kohsamui kokakola kolawole kolesnik kolia123
    kolobok kolovrat komarova komodo komputer kondom25 konfetka konnichi kononenko konoplya konovalov konstantin
    kool koolhaas kordell1 korn koroleva koshechka koshka kosmos kostya kotaku koteczek kotenok koufax32 kourniko
    kovalenko kpydskcw kr9z40sy krakatoa krasavica krasnodar krasotka kravchenko krishna kristall kristen1 kristie1
    kristin1 kristina1 kristinka kristjan krokodil krusty krypton krypton1 kryptoni ktnj2010 ktybyuhfl ktyjxrf kuai
    kuang kudos4ever kukareku kukuruza kukushka kuleshov kulikova kumar123 kume kungfu kurosaki kurosawa kurtcobain
    kurwamac kusanagi kvartira kwiatuszek kwiettie kzsfj874 l0swf9gx l58jkdjp! l8g3bkde labrador labtec lachesis
    lacrimos lacrimosa lacrosse ladybird ladybug ladybug1 ladyffesta ladygaga ladygirl ladylove ladyluck laetitia
    lafayett laguna lagwagon lainth88 lakeland lakers lakers08 lakers12 lakers24 lakers32 lakers34 lakeshow lakeside
    laketaho lakewood lakota lalakers lalaland lambchop lambert1 lamborghini lamborgini lambrett lancaste lancelot
    lancer landrove landrover landscap lansing lantern lanzarot lapdance lapochka laptop laputaxx laracrof laracroft
    larionov larisa larkspur larousse larry1 larry123 larrybir laser laser123 laserjet lasombra lassie lastochka
    lasttime lasvegas latching latenite lateralu lateralus latinas latino laura1 laura123 lauren12 laurent lavalamp
    lawncare lawnmowe lawntrax lazarus lazyacres lbfyjxrf lbhtrnjh lbpfqyth lbvekmrf leadfoot leapfrog leather
    leather1 leavemealone lebedeva lebowski lebron23 ledzep ledzeppe ledzeppelin leedsuni leedsutd left4dead
    left4dead2 lefthand legacy legalize legend legends1 legion legioner leglover legoland legolas legolas1 leiceste
    lekbyxxx lemmings lemonade len2ski1 lena1982 lena2010 leng lennon lenochka leonard1 leonardo1 leonid leonidas
    leopard lerochka lesbian lesbian1 lesbians lespaul lespaul1 lestat letitrid letmein letmein0 letmein1 letmein2
    letmein22 letmein3 letmein4 letmein5 letmein6 letmein7 letmein9 letmeinn letmeinnow letmeino letmesee leto2010
    letsdoit letsfuck letsgo letsplay letterma levelone leviatha leviathan lewie622 lexingky lexingto lexmark
    lexmark1 lexus lexus300 lfiekmrf lfitymrf lfplhfgthvf lg2wmgvr lhbjkjubz2957704 liang liao libertad libertin
    liberty liberty1 liberty2 liberty7 lichking lick licker licking lickit lickme lickme69 lickpussy licorice
    liebherr liebling lifeguar lifehack lifeisgood lifestyl lifesuck lifesucks lightbul lighter lightfoo lighthou
    lightman lightnin lightning lights lightsab lightsaber lightspe likemike likesdick likewhoa lilcrowe lildevil
    lillian1 lilwayne limabean limaperu limewire limpbizk limpbizkit limpdick lincoln1 lincoln2 lincoln7 linda1
    linda123 lindalou lindros lindros8 lindsay1 lindsey1 lineage lineage2 linkinpark lion lionhear lionheart
    lionking lionsden liquid lisa1234 lisamari lisichka listopad litebeer litespee lithium lithium1 littlebear
    littlebi littlebit littlebitch littlebo littledo littlefuck littlegi littlegirl littleguy littlejo littlema
    littleman littleminge littleon littleone littlewhore liudmila liveevil livefree livelife liverp00l liverpoo
    liverpool liverpool1 liverpoolfc liverune livestrong livewire liza2000 liza2009 lizard lizaveta lizottes
    ljb4dt7n ljxtymrf lkjhgfdsaz lkjhgfdsazx llabesab llebpmac lllllll1 lllooottt lobster lobster1 lochness lockdown
    lockedup lockerroom locksley locksmit loco locoman0 locutus1 logan1 logan123 logcabin logging7 loginova logistic
    logitech logitech1 loglatin lohotron loislane lokomoti lokomotiv lol123 lol123123 lol12345 lol123456 lolipop
    lolkin09 lollipop lollol lollol12 lollol123 lollypop lololyo123 lommerse lomonosov london london01 london1
    london11 london12 london123 london20 london22 london99 lonesome lonestar lonewolf longball longbeac longbeach
    longboar longboard longbow longdick longdong longhair longhorn longhorns longjohn longjump longlegs longlife
    longshot longtong longview longwood lonsdale lookatme looker looking1 looking4 loosee123 looser lopas123
    loploprock lopotok01 loranthos lordsoth loredana lorenzo1 losangel losangeles losbravo losenord loser loser123
    losers losfix16 lost4815162342 lostboys lostlove lostsoul lotrfotr34 lotus lotus123 louis123 louisian love love1
    love12 love123 love1234 love2000 love2010 love2011 love4eve love4ever love4you love5683 love69 loveable lovebaby
    lovebird loveboat lovebug lovebugs lovecock lovecraf lovedick lovefeet loveforever lovegame lovegirl lovehate
    lovehina lovehurt lovehurts loveislife loveit lovejone lovelife loveline lovely loveme loveme89 loveporn
    lovepuss lovepussy lover lover1 lover123 loverboy lovergir lovergirl loverman lovers lovesex lovesexy lovesong
    lovespor lovesporn lovestory lovesuck lovesyou lovethem lovetits loveyou loveyou1 loveyou2 lovezp1314 lowrider
    lp2568cskt lsdlsd12 lsia9dnb9y lsutiger ltcnhjth lthgfhjkm ltybcjdf ltybcrf luan luansantana lubimaya lucas123
    lucidity lucifer lucifer1 lucifer666 lucky lucky1 lucky123 lucky13 lucky7 lucky777 luckyboy luckycat luckycharm
    luckydog luckyman luckyone luckystr lucozade ludacris ludmila ludmilla lukas123 lumber lunchbox luojianhua
    luscious lust lutscher luv2epus luv2fuck luvbekki luvpussy lvbnhbq lvbnhbq1 lvbnhbtdf lvjdp383 lysander
    lytghjgtnhjdcr lyudmila lzbs2twz lzhan16889 lzlzdfcz m1234567 m123456789 m1garand m6cjy69u35 m7hsqstm m_roesel
    ma123123123 maasikas macanudo macarena macaroni macbeth macdaddy macdonal macgyver machine machine1 machoman
    macintos macintosh mackdadd mackdaddy mackenzi macross macross1 macross7 macsan26 madagaskar madala11 madalena
    madalina madarchod madcat maddie maddison maddmaxx maddog maddog01 maddog69 madelein madhatte madhatter madhouse
    madina madinina madison madison0 madison1 madison2 madison3 madison9 madman madmax madmax11 madness madness1
    madonna madonna1 maestro maestro1 magelan magellan maggi maggie maggie1 maggie11 maggie12 maggiema maggot magic
    magic1 magic123 magical1 magical123 magichat magician magick magicman magicone magister magnavox magnet magnum
    magnus magpie magpies1 magritte mahalkit mahalkita maiden mailcreated5240 mailman mailman1 mainstre maiyeuem
    majestic majinbuu majortom makarenko makarova makaveli makeitso makeksa11 makelove makemone makemoney makenzie
    maks2010 maks5843 maksim maksimka maksimus malaka malamute malcolm1 malcolmx malibu malina malinois malishka
    mallard mallard1 mallards mallorca mallrats malyshka mama123 mama1234 mama12345 mama1961 mama1963 mama1964
    mama1970 mama2010 mamabear mamacita mamaliga mamapapa mamasboy mamasita mamatata mamma123 mammamia mammoth1
    mamochka manageme manager1 manchest mancheste manchester manchester1 manchild mancity mancity1 mandarin
    mandarinka mandingo mandolin mandragora mandrake mandreki mandy1 mandy123 mang mango mangust6403 manhatta maniac
    mankind mankind1 mannheim manning1 manning18 manolito manolo manowar mansfiel mansikka manson manstein mantaray
    mantis manunite manunited manutd manwhore mapet123456 maplelea mapleleafs maprchem56458 maradona marajade
    marakesh maranell maranello marathon marauder marbella marcelin marcelit marcello marchenko marcius2 marco123
    marcopol marcopolo marcus12 mardigra margaret1 margarit margosha maria1 maria123 mariachi mariajos mariana1
    marie123 marigold marihuana marijuan marijuana marika marilena marillio marillion marilyn1 marina marina123
    marine marine1 marine21 mariner1 mariners marines marines1 marino marino13 mario123 mariposa marishka marissa1
    mariupol marius mark1234 mark3434 marker marketin markhegarty markiz marlboro marlboro1 marley marley12 marlins1
    marmalad marmaris marmelad marquise married1 marryher marseill marseille marshal1 martesana martin01 martin1
    martin11 martin12 martina1 martinet martini martini1 martusia maryann1 maryjane marykate masahiro masamune
    maserati mash4077 masha123 masha1998 mashamasha mashenka mashoutq masiania mason1 mason123 massimiliano massive
    massive1 maste master master00 master01 master1 master10 master11 master12 master123 master13 master21 master22
    master23 master55 master69 master77 master99 masterb8 masterba masterbaiting masterbate masterbating masterca
    mastercard masterch masterchief masterkey masterlo masterma mastermi mastermind masterof masters1 masturba
    masturbation masyanya matador matahari matchbox matchbox20 matematica matematika matilda1 matrix matrix01
    matrix12 matrix123 matrix13 matrix19 matrix69 matrix99 matrixxx matt1234 matteo matthew0 matthew1 matthew2
    matthew3 matthew4 matthew5 matthew6 matthew7 matthew8 matthew9 matthewd matthias matthieu mattingl mattylad10
    matulino mature matveeva maulwurf maureen1 maurice1 maurizio maurolarastefy maverick maverick1 mavericks max123
    max33484 maxell maxim maxim1935 maxima maxime maximili maximilian maximus maximus1 maximus2 maxmotives maxpayne
    maxpower maxthedo maxwell maxwell1 maxwell2 maxwell7 maxx maxxxx mayday mayflowe mayhem maynard1 mazafaka
    mazahaka mazda mazda323 mazda626 mazdamx5 mazdarx7 mazdarx8 mazinger mbkugegs mccool24 mcdonalds mclaren
    mclaren1 mclarenf1 mdmaiwa3 mdmgatew meandyou meatball meathead meatloaf mechanic medic medical1 medicina medion
    meditate medusa medvedev medvedeva megabyte megadeth megaman megaman1 megamanx megan1 megan123 megapass
    megapolis megastar megatron meister meister1 melanie1 melanie2 melbourn melinda1 melissa1 melissa2 melissa3
    melissa6 melissa7 mellon mellow melnikova memorex memphis memphis1 memyself menace meng meowmeow mephisto
    mercator mercede1 mercedes mercedes1 mercenar mercury mercury1 mercury2 mercury7 mercutio merengue meridian
    merlin merlin01 merlin1 merlin11 merlin12 merlin21 merlin69 merlin99 merlot mermaid mermaid1 mermaids merrill1
    mersedes mesohorny mesquite messenge messiah1 metal123 metal666 metalgea metalgear metalhead metalica metallic
    metallica metallica1 metalman metatron methodma methodman metro2033 metropol mets mets1986 mevefalkcakk mexicali
    mexican1 mexicano mexico miami miami305 mian miao miatamx5 michae michael0 michael1 michael12 michael123
    michael2 michael3 michael4 michael5 michael6 michael7 michael8 michael9 michaelb michaelc michaeld michaelj
    michaeljackson michaell michaelm michele1 michelin michell1 michelle1 michelob michigan mick mick7278 mickey
    mickey01 mickey1 mickey11 mickey12 mickey22 mickey69 mickeymo mickeymouse micro microlab microlab1 micron
    microphone microsof microsoft microwav middleto midget midiland midnight midnight1 midway mighty mightymo
    miguelit mihail mike1 mike123 mike1234 mike12345 mike1969 mike2000 mikehunt mikejone mikey mikey1 mikey123
    milamber milana milano milashka milehigh milena milenium milfhunter milhouse milkbone milkmaid milkman milkman1
    milkshak milkyway millenia milleniu millenium millenni miller01 miller1 miller12 miller31 millerli millerlite
    millerti millertime million1 milliona millwall milwauke mimi92139 mindgame mine2306 minecraft minecraft123
    mineonly minhasenha miniclip minicoop minicooper minidisc minime minimoni miniskir minnesot minnesota_hp
    minnette minotaur minotavr minouche minstrel miracle1 mirage miranda1 mironova miroslav miroslava miruvor79
    mischief misfit misfit99 misfits misfits1 misha1111 misha123 mishanya mishka mishmash mishutka misiaczek
    mission1 mississi misskitt misskitty missy1 missy123 mister misterio misterme mistral1 mistress misty1 misty123
    mistydog mithrand mitsubis mittens mittens1 miyvarxar mizredhe mjollnir mko09ijn mmmmmmm1 mnbvcxz mnbvcxz1
    mobbdeep mobydick modelsne modena moderato mojo mojojojo molly1 molly123 mollycat mollydog mollymoo moloko
    molson mom4u4mm momanddad mommy123 momoney momoney1 momsanaladventure monaco monalisa monaliza monamour monarch
    monday monday12 mondeo money money1 money100 money111 money123 money1234 money4me money777 moneybag moneymak
    moneymaker moneyman moneymon moneys mongoose monica01 monica12 monica69 monique1 monitor monitor1 monitor2 monke
    monkey monkey00 monkey01 monkey1 monkey10 monkey11 monkey12 monkey123 monkey13 monkey14 monkey20 monkey21
    monkey22 monkey23 monkey24 monkey66 monkey69 monkey77 monkey99 monkeybo monkeyboy monkeybu monkeybutt monkeyma
    monkeyman monkeys monkeys1 monkfish monolith mononoke monopoli monopoly monster monster1 monster2 monster7
    monster9 montagne montana montana1 montblanc montecar montecarlo montella monterey monterre montgom240 montgome
    montreal montrose monty123 moocow mookie mookie12 moom4242 moom4261 moomoo moonbeam moondog moondog1 moonglow
    moonligh moonlight moonlite moonrake moonshin moonshine moonshot moonstafa moonstar moonunit moonwalk moose
    moose1 moose123 moosehea moosejaw mooseman mopar440 moparman mordor morebeer moremone moremoney morgaine
    morgan01 morgan1 morgan12 morganstanley moritz morkovka morozova morpheus morphius morrigan morrisse morrowin
    morrowind mortalkombat mortgage morticia mortimer moscow mosias98 moskva mossberg mossyoak mostwanted motdepas
    motdepass motdepasse mother mother1 mother12 motherfu motherfuck motherlode motocros motocross motoguzz motorbik
    motorbike motorcyc motorhea motorhead motorman motorola motorolla motorrad mounta1n mountai1 mountain mouse
    mouse1 mouse123 mouseman mousepad moviebuf movieman movies23 mowerman mozart mpetroff mrblonde mrbrownx
    mrbrownxx mrbungle msconfig msorcloledbr msouthwa mtwapa1a muaythai muchacha mudhoney mudshark mudslide mudvayne
    muenchen muffdive muffdiver muffin muffin11 muffin12 muffinman mulberry mulder muledeer mullet multimed multipas
    multiplelo multiplelog multiscan multisyn multisync munchkin munson15 muppet murciela murcielago murmansk
    murphy01 murphy11 murphydo murzilka musashi muscle muscles muselman mushroom music1 music101 music123 musica
    musical1 musiclover musicman mustafa mustaine mustang mustang0 mustang1 mustang2 mustang3 mustang4 mustang5
    mustang6 mustang67 mustang69 mustang7 mustang8 mustang9 mustangg mustanggt mustangs mustard mustard1 mvtnr765
    mwq6qlzo mxaigtg5 mxyzptlk my2girls my3girls mybaby mydick myfamily myfriend mygirl mykids mylife mylove
    mymoney1 mymother myname mynameis mynewbots mynewpas mypass mypasswo mypassword mysecret myspace1 mysterio
    mystery1 mystic mystikal myxworld myxworld4 n7td4bjl n8skfswa nadezhda naked nallepuh namaste nancy123 nang
    nanook nanotech nantucke napass napolean napoli napster napster1 narkoman naruto naruto12 naruto123 nascar
    nascar03 nascar20 nascar24 nascar88 nascar99 nashvill nastenka nasty nasty1 nastya nastya123 nastya1995
    nastya1996 nastya2010 nastyboy nastyman nata1980 natali natalia1 natalie1 natalie2 nataliya natas666 natascha
    natasha natasha1 natasha123 natasha2 natashka natedawg natedogg nathalia nathan01 nathan1 nathan12 nathanie
    natural1 naturals naturist naughty naughty1 naughtyboy naumenko nausicaa nautica1 nautilus nautique navigato
    navigator navyblue navyseal nazarenko nazareth nazarova nbuhtyjr ncc1701 ncc1701a ncc1701d ncc1701e ncc74656
    nccpl25282 ndshnx4s ne1469 nebraska necroman necromancer nectarin nederland nedkelly need4speed needajob
    needforspeed needsome nefertit nefertiti nemesis nemesis1 nemesis2 nemezida nemiroff nemrac58
    nemvxyheqdd5oqxyxyzi neng neophyte nepenthe nephilim neptune neptune1 nesterov nesterova netnwlnk netscape
    netvideo netware1 network1 network2 networkingpe netzwerk neuspeed neutrino nevada neveraga neveragain neverdie
    nevergiveup neverland neverman nevermin nevermind nevermor nevermore neverwinter newbie newblood newburgh
    newcastl newdelhi newhaven newjerse newjersey newlife newlife1 newlife2 newmedia newmexic newmexico newmoney
    neworder neworlea neworleans newpass newpass1 newpass3 newpass6 newpassw newpassword newpoint newport newport1
    newports newproject2004 newshoes newspape newstart newstyle newworld newyork newyork1 newyork2 newyorke newzeala
    newzealand nextdoor nextel nezabudka nfkbcvfy nfnmzyf nfnmzyrf nfvthkfy nhecsyfujkjdt nhfdvfnjkju123 nhfkbdfkb
    nhfrnjhbcn nhfycajhvths niang niao niceass nicegirl niceguy nicerack nicetits nicholas1 nick1234 nickel nicklaus
    nicksfun nicola nicolas1 nicolas2 nicole01 nicole1 nicole11 nicole12 nicole123 nicole18 nicole23 nicolett
    nietzsch nigga nigger nigger123 nightcrawler nightfal nighthaw nighthawk nightime nightman nightmar nightowl
    nightshade nightwin nightwing nightwis nightwish nightwolf nihao123 nike nike1234 nikita nikita123 nikita1998
    nikita2000 nikita95 nikita99 nikitina nikitos nikki1 nikki123 nikola nikolaev nikolaeva nikolaevna nikolaus
    nikolay nikolay9 nilknarf nimbus nimrod nineball nineinch niners ning ninja ninja1 ninja123 ninjaman ninjas
    ninjutsu nintendo nintendo1 nintendo64 nipper nipple nipples nipples1 nirvana nirvana1 nirvana9 nissan
    nissan350z nitehawk nitemare nitram njdevils nji90okm nnmaster nnnnnnn1 noaccess nochance nocturne nofear
    nohack04 noisette nokia nokia123 nokia2700 nokia3110 nokia3230 nokia3250 nokia3310 nokia5130 nokia5200 nokia5228
    nokia5230 nokia5300 nokia5310 nokia5320 nokia5530 nokia5610 nokia5800 nokia6120 nokia6131 nokia6230 nokia6230i
    nokia6233 nokia6300 nokia6303 nokia6500 nokia6630 nokia7070 nokia7610 nokia8800 nokiadermo nokiae51 nokian70
    nokian73 nokian95 nolimit nolimit5 nolimit8 nolimit9 nolimits nomore noname123 noncapa0 nondriversig nong
    nonmembe nonrev67 noodle noodles noodles1 nookie nopasaran nopass nopasswo nopassword normandy norseman northsta
    northstar northwes norwegen norwich nosaints nosferat nosferatu nosredna nostromo not4u2no notagain note1234
    notebook nothanks nothing0 nothing1 notoriou notredam notredame nottingh nottoday notyours nounours novartis
    novastar novell novembre novifarm novikova nowayman nowayout nowwowtg nthvbyfnjh ntktajy ntktdbpjh ntktgepbr
    nuaddn9561 nuan nude nudegirl nudelamb nudist nugget nuggets nuggets1 number1 number20 numberon numbnuts
    nursultan nutmeg nuttertools nwo4life nygiants nyjets nyknicks nylons nymets nyranger nyyankee nyyankees
    o4izdmxu oakland oakland1 oakridge oasis oatmeal obelix obiwan oblivion obsessio obsidian obvious1 oc247ngucz
    oceans oceans11 octavian october1 october2 october3 october6 october7 october8 octopuss oddworld odgez8j3
    odinthor odt4p6sv8 odysseus ofclr278 ofcourse offsprin ohiostat ohiostate ohshit ohyeah oicu812 oilers ojp123456
    oksana oktober7 olcrackmaster oldman oldpussy oldschoo oldschool oldskool oldsmobi oldsmobile oldspice oldtimer
    oleander oleg oleg1994 oleg1995 oleg1996 olegnaruto olemiss1 olesya olga1976 oliveoil oliver oliver1 olivetti
    olivier olivier1 ololo123 omega omega1 omega123 omegaman omegared omgkremidia omgwtfbbq omnislash omsairam
    onelove onelove1 onepiece onetime onetwo onetwo12 onetwo34 onetwothree online onlyme onlyone1 onlyone4
    ontheoutside ontheroc ontherocks ooicu812 oooooo99 ooooooo1 opelagila opelastra open1234 opendoor opensesa
    opensesame openup openwide operatio operator opopop11 optimist optimus optimus1 optiplex optiquest oqglh565
    oracle orange orange01 orange1 orange10 orange11 orange12 orange22 orange44 orange77 orange88 orange99 oranges
    oranges1 orchid orenburg orgasm orgasmic orient oriflame orioles orioles1 orion orion1 orion123 orlando1
    orochimaru oscar1 oscar123 oscardog osiris othello otherside ou812 ou8122 ou812345 ou8124me ousooner outkast
    outlaw outside1 outsider overdriv overkill overlord ow8jtcs8t ownage123 oxford oxymoron ozlq6qwm ozzmosis ozzy
    p0015123 p030710p$e4o p0o9i8u7 p0o9i8u7y6 p1234567 p2ssw0rd p3nnywiz p455w0rd p4ssw0rd p4ssword p@ssw0rd
    pa$$w0rd pa55w0rd pa55word pablo123 pacers pachanga pacific1 pacifica packard packard1 packer packers packers1
    packers2 packers4 pacman paddle padres paganini pagedown painkill painkiller paintbal paintball paintball1
    painter1 pakalolo pakistan pakistan1 palace22 paladin paladin1 paladine palantir palenque palermo1 palladin
    pallmall palmeira palmeiras palmetto palmtree paloalto paloma palpatin panama panasoni panasonic panasonik
    pancake1 panchito pancho panda panda123 pandabear pandemonium pandora pandora1 pandora2 pandoras pang pangolin
    panorama pantera pantera1 pantera6 panther panther1 panther2 panther5 panther6 panther8 panther9 panthers
    panthers1 panties panties1 panties2 pantyhos pantyhose pantyman panzer papabear papageno papamama paparoach
    papasmur papasmurf paperboy papercli paperclip papercut paperino papichul papillon pappnase parabola parachut
    paradigm paradise paradoks paradox paradoxx paraklast1974 parallax paramedi paramedic paramore paramoun paranoya
    parcells parfilev paris123 parker01 parker12 parkhead parkside parkview parlament parliame parol123 parol999
    parola parolamea parolparol parrot parrothe parsifal partagas partizan partner1 partridg partyboy partyman
    partytim pasadena pascal pasha123 pass pass123 pass1234 pass1wor pass1word passat passat99 passcode passfind
    passion passion1 passions passking passmast passmaster passme passpage passport passssap passsword passthie
    passthief passw0rd passw0rd1 passward passwd passwerd passwor passwor1 password password! password0 password00
    password01 password1 password10 password11 password12 password123 password1234 password13 password2 password21
    password22 password23 password3 password4 password5 password6 password69 password7 password8 password9
    password99 passwords passwordstandard passwort paswoord pasword pasword1 patagoni patatina patch123 patches
    patches1 pathfind pathfinder patric patricio patrick0 patrick1 patrick2 patrick3 patrick5 patrick7 patrick8
    patrick9 patriot patriot1 patriots patriots1 patrizia patrycja patterso paul1234 paula123 paulaner paulchen
    paulie paulina1 paulinka pavel pavement pavilion pavlenko pavlov pavlusha payton34 pazzword pchealth pdtplf
    pdtpljxrf peace123 peaceout peach peaches peaches1 peaches2 peachfuz peacock1 peanut peanut11 peanut12
    peanutbutter peanuts peanuts1 pearljam peartree pebbles pebbles1 pecker pedigree pedro123 peekab00 peekaboo
    peepshow peewee peewee51 pegasus pegasus1 peggysue pelican pelican1 penchair pencil pendrago pendragon penelopa
    penetrating penetration penfloor peng penguin penguin1 penguin8 penguins penhorse penis penis123 penmouse
    pennstat pennstate penny1 penny123 pennydog pennywis pennywise pensacol pentable penthous pentium pentium1
    pentium2 pentium3 pentium4 pepito pepper pepper01 pepper1 pepper11 pepper12 pepper123 pepper14 pepper76 pepsi
    pepsi1 pepsi123 pepsicol pepsicola pepsiman pepsimax pepsione peregrin peresvet perfect1 perfecto performa
    pericles pernille persepho pershing persik persona1 pertinant pervasive pervert pervert1 pescator peter1
    peter123 peterbil peterbilt peterburg peternor peternorth peterose peterpan petrov petrovich petrovna petticoa
    peugeot peugeot406 peyton18 pfchfytw pfhfnecnhf pfqxjyjr pfqxtyjr pgszt6md phaedrus phantasm phantasy phantom
    phantom1 phantom2 phantom3 phantom7 phantoms pharmacy phatfarm pheasant phenmarr pheonix pheonix1 phezc419hv
    phialpha philbert philippe philips philips1 phillesh phillies phillip1 philly philmont phish phish123 phish420
    phishing phoeni phoenix phoenix0 phoenix1 phoenix2 phoenix3 phoenix5 phoenix7 phoenix8 phoenix9 phoneman
    photogra photoman photos photosho photowiz phpbb phydeaux pi314159 pian pianoman piao piazza31 picard picasso
    picasso1 piccolo piccolo1 pickle pickles pickles1 pickup pickwick pics pictuers picture1 picturs piehonkii
    piercing pigeon piggy piglet pikachu pikachu1 piligrim pillow pilot123 pilsbury pimp pimpdadd pimpdaddy pimpdady
    pimphard pimpin pimpin69 pimpjuic pimpjuice pimpshit pimpster pinarell pinball pineappl pineapple pineapple1
    pinecone pinetree pinewood ping pinggolf pingpong pinguino pingzing pinhead pink pinkerto pinkfloy pinkfloyd
    pinkpant pinkpuss pinkpussy pinky pinky123 pinnacle pinoyako pioneer pioneer1 pipeline pipeutvj pippen pippen33
    pippo piramida piramide pirate pirates pirates1 pirrello pisces pissing pissoff pissword pistache pistol pistons
    pistons1 pitbull pitbull1 pitbulls pitcher1 pitchers pittbull pittsbur pixies pizza pizza1 pizza123 pizzaboy
    pizzahut pizzaman pizzapie pizzas pjcgujrat pjflkork placebo planet plankton plasma plastic plastic1 plastics
    plat1num platinum platypus play2win playball playboy playboy1 playboy2 playboy6 playboys player player69
    playgirl playgolf playgrou playhard playmate playstat playstation playstation2 playstation3 playtime pleaseme
    plhy6hql plokijuh plumber plumber1 pluto plymouth pmdmscts pmdmsctsk pmtgjnbl pobeda pointman poison poiu0987
    poiu1234 poiulkjh poiuyt poiuytrewq pokemon pokemon00 pokemon1 pokemon12 pokemon123 pokemon2 pokemons poker123
    pokerface pokerman pokesmot polarbea polarbear polaris polaris1 polaroid police police22 policema polina
    polkadot polkaudi polkaudio polly123 polniypizdec0211 polniypizdec110211 polo polo1234 polopolo09 polska pompey
    pon32029 poncho pondscum pontiac pontiac1 pony poochie poochie1 poodle pooh poohbear poohbear1 pookie pookie11
    pookster pool6123 poontang poop pooper poopface poophead poopie poopoo poopy poopypan pooter popcorn popcorn1
    popeye popper poppy poppy123 poppydog poptarts porkchop porkypig porn porn1234 porn4life pornclub pornking
    pornlove pornlover porno porno1 porno123 pornogra pornografia pornographic pornoman pornos pornosta pornostar
    pornpass pornsite pornstar porol777 porosenok porpoise porsche porsche1 porsche2 porsche9 porsche911 porsches
    portishead portland portsmou portugal portvale poseidon positano positivo possum postal postbank postman
    postov10 postov1000 potapova potato pothead potsmoke poulette pourquoi powder power1 power123 power666 powerade
    powerboo powerhou powermac powerman powerpla powerstr ppppppp1 ppspankp pqnr67w5 pr1ncess prashant preacher
    preciosa precious precious1 precisio predator prelude prelude1 prelude9 premier1 premium premiumcash presario
    presiden prestigio presto preston1 pretende prettybo prettyboy prettygirl pridurok primaver primavera primetim
    primetime21 primrose primus prince prince11 prince12 princes princesa princesit princess princess1 princessa
    princesse princeto principa principe pringles printer printer1 priscill prisonbreak prissy private private1
    private5 privet privet123 priyanka problemas process1 prodigy prodigy1 producti profesor professo proghouse
    programm project1 prokuror promethe promopas prophet prophet1 prospero prostock prostreet protools prototyp
    protozoa proverbs providen providian provista prowler proxy prufrock ps253535 psw333333 psychnau psychnaut1
    psycho psycholo psylocke ptfe3xxp ptybnxtvgbjy puddin pudding pudding1 puertori puertorico puffdadd puffin puffy
    pufunga7782 puissant pullings pulsar pumpkin pumpkin1 pumpkin2 pumpkins punisher punkin punkrawk punkrock
    punksnotdead punter12 puppies puppy puppydog pupsik puravida purdue pureevil purgator purple purple01 purple11
    purple12 purple13 purple69 pushistik puss pussey pussie pussies pussy pussy1 pussy101 pussy123 pussy4me pussy69
    pussybitch pussyboy pussycat pussyeat pussyeater pussyfuck pussygal pussykat pussylic pussylick pussylicker
    pussylip pussylov pussylover pussyman pussys putamadre putangina putter pxx3eftp pyramid pyramid1 pyramid7
    pyramide pyramids python q12345 q123456 q1234567 q12345678 q123456789 q1234567890 q123456q q1q2q3 q1q2q3q4
    q1q2q3q4q5 q1w2e3 q1w2e3r4 q1w2e3r4t q1w2e3r4t5 q1w2e3r4t5y6 q1w2e3r4t5y6u7 q1w2e3r4t5y6u7i8
    q1w2e3r4t5y6u7i8o9p0 q2w3e4r5 q8zo8wzq qawsed qawsed123 qawsedrf qawsedrftg qawsedrftgyh qaz123 qaz12345
    qaz123456 qaz123wsx qaz123wsx456 qaz12wsx qaz1wsx2 qazedctgb qazqaz qazqaz123 qazsedcft qazwsx qazwsx1 qazwsx11
    qazwsx12 qazwsx123 qazwsx1234 qazwsx12345 qazwsxed qazwsxedc qazwsxedc1 qazwsxedc12 qazwsxedc123 qazwsxedcrfv
    qazwsxedcrfvtgb qazxcdew qazxcdews qazxcvbn qazxcvbnm qazxsw qazxsw12 qazxsw123 qazxsw21 qazxswed qazxswedc
    qazxswedc123 qazxswedcvfr qazzaq qcmfd454 qcxdw8ry qiang qiao qing qiong qmezrxg4 qmpq39zr qpful542 qpwoeiruty
    qq123123 qq123456 qq123456789 qqq111 qqqq1111 qqqqq1 qqqqqqq1 qqqqwwww qqqwwweee qqwweerr quackers quagmire
    quality1 quan quant4307 quant4307s quantum quantum1 quaresma quartz quattro quattro6 queenas8151 queenbee queens
    queequeg quest quicksan quicksil quicksilver quietkey quiksilv quiksilver quincunx quintain quixotic quovadis
    qw123456 qw12er34 qwaszx qwaszx11 qwaszx12 qwaszx123 qwaszxedc qwaszxerdfcv qwaszxqw qwe123 qwe123456 qwe1234567
    qwe123asd qwe123qwe qwe123rty qweasd qweasd12 qweasd123 qweasdqwe qweasdzx qweasdzxc qweasdzxc1 qweasdzxc123
    qwedcxzas qwedsazxc qweqwe qweqwe12 qweqwe123 qwer12 qwer1209 qwer123 qwer1234 qwer12345 qwer4321 qwerasdf
    qwerasdfzxcv qwerfdsa qwert qwert1 qwert123 qwert1234 qwert12345 qwert54321 qwertasd qwertasdfg qwertasdfgzxcvb
    qwertgfdsa qwerttrewq qwerty qwerty00 qwerty01 qwerty02 qwerty09 qwerty1 qwerty10 qwerty100 qwerty11 qwerty111
    qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwerty123456789 qwerty13 qwerty2010 qwerty21 qwerty22
    qwerty23 qwerty32 qwerty321 qwerty33 qwerty66 qwerty666 qwerty69 qwerty7 qwerty77 qwerty777 qwerty78 qwerty789
    qwerty88 qwerty89 qwerty99 qwerty999 qwertyas qwertyasd qwertyasdfgh qwertyu qwertyu1 qwertyu123 qwertyu8
    qwertyui qwertyuio qwertyuiop qwertyuiop1 qwertyuiop10 qwertyuiop12 qwertyuiop123 qwertyuiop12345 qwertyytrewq
    qwertz qwertzui qwertzuiop qwerzxcv qwest123 qzwxecrv r1234567 r2d2c3p0 r2d2c3po r3ady41t r3vi3wpass r4e3w2q1
    rabbit rabbit66 rabbit69 rabota racecar racecar02 racecar1 racecars racer racerx rachael1 rachel1 rachel69
    racing radagast radiance radiatio radical1 radio123 radiohea radiohead radioman raffaele raffaello ragnarok
    raider raider12 raiders raiders1 raiders2 rainbow rainbow1 rainbow2 rainbow6 rainbow7 rainbows raindrop rainmake
    rainmaker rainman rainman1 raintree rainyday raistlin raleigh1 ralliart rambler rambler1 rambo rambo123 rammstei
    rammstein rammstein1 ramones ramrod ramses ramstein ranchero rancid random random123 rang ranger ranger01
    ranger02 ranger1 ranger11 ranger12 ranger21 ranger69 ranger75 ranger98 ranger99 rangerover rangers rangers1
    rangers2 rangers9 raptor raptor22 rapunzel rascal rasdzv3 rasengan raspberr rasputin rasta rasta220 rastafar
    rastafari rastaman rattlers rattlesn rattolo58 rattrace raven raven1 raven123 ravens rawiswar raymond1 razdvatri
    razorbac razz rb26dett rbhbkk rctybz rdfhnbhf rdgpl3ds reader ready2go realdeal realgood realmadr realmadri
    realmadrid realtime reanimator reaper rebbyt34 rebecca1 rebecca2 rebel rebel1 rebellio rebels reckless red123
    red12345 redalert redapple redbarch redbaron redbeard redbird redbirds redbull redbull1 redcar27 redcloud
    redcross reddevil reddevils reddog reddrago reddragon reddwarf redeemed redeemer redfish redfish1 redfox
    redgreen redhawks redhead redhead1 redheads redhorse redhot redhouse redknapp redlands redlight redline redman
    redneck redneck1 redrider redriver redrobin redrocke redrose redroses redrover redrum redryder reds redshift
    redshoes redskin1 redskins redskins1 redsox redsox04 redsox1 redsox11 redsox12 redsox19 redsox20 redsox24
    redsox99 redstone redstorm redtruck redvette redwhite redwing redwing1 redwings redwings1 redwood redwood1
    reebok reefer refinnej reggie31 reglisse rehjgfnrf rekbrjdf reload reloaded rembrand remingto renault renegade
    renfield reng repmvbyf repvtyrj repytwjd repytwjdf repytxbr rerehepf rereirf rerfhfxf rerfhtre rescue
    residentevil resolute respublika restaura retard retired1 revelati revenant review69 reviewpa reviewpass
    revival47 revoluti revolver rfcgthcrbq rfgbnjirf rfgecnfcerf rfgtkmrf rfhbyf rfhbyjxrf rfhectkm rfhfntkm
    rfhfrfnbwf rfhfufylf rfhfvtkm rfhfvtkmrf rfhfylfi rfhfynby rfhjkbyf rfhlbyfk rfhnjirf rfkbybyf rfkmrekznjh
    rfktylfhm rfnfcnhjaf rfnfgekmnf rfnfhbyf rfnthbyf rfnthbyf1988 rfnthbyrf rfntymrf rfpfyjdf rfpfynbg rfrfirf
    rfrnec rfvbrflpt rfvfcenhf rfvtgbyhn rfvxfnrf rfybreks rfycthdf rhapsody rhbcnbyf rhbcnbyjxrf rhfcbdfz rhfcfdbwf
    rhfcfdxbr rhfcjnrf rhfcyjlfh rhfcyjzhcr rhfdxtyrj rhfvfnjhcr rhind101 rhino rhjrjlbk rhtdtlrj rhtyltkm ricardo1
    riccardo ricflair richard0 richard1 richard2 richard3 richard4 richard7 richard8 richard9 rickster ricochet
    riesling riffraff rifleman rightnow rikimaru rileydog rincewin rincewind ringding ringo123 riobravo riogrand
    ripken ripper ripple riptide1 river123 riverplate riverrat riversid rjcntyrj rjdfkmxer rjdfktdf rjdfktyrj
    rjhjkmbien rjhjktdf rjirfrgbde rjntyjr rjntyjxtr rjrfrjkf rjvgm.nth rjyatnrf rjycnbnewbz rjycnfynby rkbvtyrj
    rkfdbfnehf rktjgfnhf rlzwp503 rmracing roaddogg roadkill roadking roadrage roadrash roadrunn roadrunner roadstar
    roadster roadtrip rober robert01 robert1 robert11 robert12 robert123 robert19 robert22 robert23 robert99
    roberta1 roberto1 roberts1 robertso robin123 robinhoo robinhood robot robotech robotics rocawear rocheste
    rockandr rockbott rockbottom rockcity rocker rocket rocket21 rocket69 rocket88 rocketma rocketman rockets
    rockets1 rockfish rockford rockhard rockhead rockhopper rockies rocknrol rocknroll rockon rockport rockroll
    rocks rockshox rockstar rockstar1 rocky1 rocky123 rockyboy rockydog rockytop rodman rodman91 roflcopter roger123
    roleplay roller rollover rollrock rolltide rolltide1 roma1990 roma1993 roma1995 roman123 roman222 roman777
    romance1 romanenko romanova romans romanson romantik romantika romashka romeo123 rommel ronaldinho ronaldo
    ronaldo1 ronaldo7 ronaldo9 ronaldo99 rong roodypoo rookie rooney10 roosevel rooster rooster1 roosters rootbeer
    rootedit rosebowl rosebud rosebud1 rosebud7 rosebudd rosebuds rosedale rosehill rosemari rosenrot rosewood
    rossella rossigno rostislav rothmans rotten rotterda rottweil rounders route66 rover rovers rovnogod roxanne1
    royals roykeane rrrrrrr1 rsalinas rt6ytere rtyuehe ruan rubber rubberdu rubyrose ruffneck ruffryde rugby123
    rugbyman rulesyou rulez rulezzz runescape runescape1 runner running1 rush2112 rushmore ruslan ruslan123 russell1
    russell2 russia russian7 russland rustam rusty1 rusty123 rustyboy rustydog rutabega rvgmw2gl ryjgjxrf rz93qpmq
    s1234567 s12345678 s123456789 s1s2s3s4 s456123789 s5r8ed67s s7fhs127 s9te949f saab9000 sabbath sabbath1 sabine
    sabres sabrina1 sacramen sacrific sadie1 sadiedog sadomaso safari safeu851 sagitari sahara sailaway sailboat
    sailfish sailing sailing1 sailor sailormo sailormoon saints sairam saisg002 saiyan sakura salamand salamander
    salamandra salasana saleen salinger salisbur sally1 sally123 salmon salomon salsero saltanat saltlake saltydog
    salvatio salvator sam123 sam138989 samadams samanth1 samantha samantha1 samarkand samatron samiam sammy1
    sammy123 sammyboy sammycat sammydog sampson1 samson samsun samsung samsung1 samsung123 samsung2 samsung9 samtron
    samuel12 samurai samurai1 samuraix sanandreas sananton sanchez1 sancho sanctuar sanders1 sanders2 sandiego
    sandman sandman1 sandmann sandokan sandrine sandro sandrock sandy1 sandy123 sandydog sanfran sanfrancisco
    sangeeta sanity sanity72 sanity729 sanpedro santa234 santacla santacru santafe santana1 santana5 santeria
    santorin saopaulo sapper sapphire saqartvelo sarah1 sarah123 sarajane sarajevo sarasota saratoga sargsyan
    sasafras sascha sasha1 sasha123 sasha1234 sasha12345 sasha1988 sasha1992 sasha1993 sasha1994 sasha1995 sasha1996
    sasha1997 sasha2000 sasha2010 sasha2011 sasha777 sasha_007 sashadog sashenka saskatoo sasquatc sassy sassy1
    sassy123 sassycat sassydog sasuke sat321321 satan satan666 satana satana666 sataniv1993 satchel1 satelite
    satellit satriani saturn saun saun24865709 sauron sausage sausage1 sausages savannah1 savatage savchenko
    save13tx saxophon sayang sayangku sc0tland scania scanner scanner1 scarecro scarface scarface1 scarlet scarlet1
    scarlets schalke schalke0 schalke04 schastie scheisse schlampe schlange schlumpf schmidt1 schnecke schneide
    schnuffi school12 schoolgirlie schorsch schreibe schroede schumach schweden science1 scimitar scirocco scooby
    scooby11 scooby12 scoobydo scoobydoo scooter scooter1 scooter2 scooter5 scooter6 scooter7 scooters scorelan
    scoreland scorpian scorpio scorpio1 scorpio2 scorpio6 scorpio7 scorpion scorpions scorpius scotch scotland
    scotsman scott1 scott123 scottie1 scottsda scotty scoubidou scoubidou2 scoubidou6 scout scrabble scrapland
    scrapper scrappy scrappy1 scratch1 scream screamer screwbal screwyou scribble scruffy scruffy1 scuba scubadiv
    scubaman scubapro scuderia scully sd3lpgdr sd3utre7 sdsadee23 seabass1 seadoo seagrams seagrave seagull seagulls
    seahawks seahorse sealteam seamus seanjohn searay searcher searchin searock6 seashell seashore seatleon seattle
    seattle1 seattle2 sebastia sebastian1 sebastie sebastien sebora64 sebring1 secret secret1 secret12 secret123
    secretar section8 security security1 seductive seeker seemnemaailm segblue2 seinfeld sekirarr select selfok2013
    selhurst semenova seminole seminoles semperf1 semperfi semprini senators seng senha123 sensatio sensei sentinal
    sentinel sephirot sephiroth septembe septembr septiembr sepultur sepultura serafima seraphim serega serega123
    serenada serendip serendipity serenity sergbest sergeeva sergeevna sergei sergey sergey123 sergi serious1
    sersolution server servette service01 service1 service321 sesame sevastopol seven7 seven777 sevendus sevenof9
    seventee seventy7 severin severine sevilia1 sevisgur sex123 sex12345 sex4free sex4me sexaddict sexdrive sexfiend
    sexfreak sexiness sexisfun sexisgood sexkitte sexkitten sexlover sexmachine sexmania sexpistols sexsells sexsex
    sexsexse sexslave sexstuff sexual sexx sexxxx sexxxxxx sexxxy sexy sexy1 sexy1234 sexy69 sexybabe sexybaby
    sexybeas sexybeast sexybitc sexybitch sexyboy sexyfeet sexygirl sexygirls sexylady sexylegs sexylove sexymama
    sexyman sexyred1 sexytime sexywife sfgiants sh4d0w3d shado shadow shadow00 shadow01 shadow1 shadow10 shadow11
    shadow12 shadow1212 shadow123 shadow13 shadow14 shadow22 shadow23 shadow69 shadow88 shadow99 shadowfa shadowfax
    shadowma shadowman shadowru shadows1 shaggy shahrukh shai shakespe shalimar shalom shaman shamanking shameles
    shampoo1 shamrock shane123 shaney14 shang shania shannara shannon1 shannon2 shao shaolin shaolin1 sharingan
    sharipov shark sharkman sharks sharky sharon69 shashank shasta shaved shawshan shazam shdwlnds shearer9 sheba1
    shedevil sheepdog sheffiel shei shelby sheldon1 shelley1 shemale shemales sheng shenlong sherbert sherlock
    sherman1 shevchenko shibainu shiloh shinchan shiner shinigam shinigami shinobi shipmate shirley1 shitball
    shitbird shitface shitfuck shithappens shithead shithead1 shithole shitty shock123 shocker shocker1 shockers
    shockwav shogun shokolad shooter shooter1 shopping1 shortdog shortman shortsto shorty shotgun shotgun1 shotokan
    shou showboat showme showtime shredder shrike01 shuai shuang shui shumaher shun shuo shuriken shutup shygirl1
    sibelius sidekick sideshow sidewind sidewinder sidorova siegheil siemens siemens1 sierra sierra01 siffredi sigma
    sigmachi signatur sigsauer silence1 silencer silenthill silicone silkeborg sillyboy silmaril silver silver01
    silver1 silver11 silver12 silver22 silver33 silver69 silver77 silver99 silverad silverado silverch silverfi
    silverfo silverfox silverma silversi silverst silvestr simba simba123 simbacat simferopol simon1 simon123
    simonsay simple simpleplan simpson1 simpsons sinatra sinatra1 sinbad sinfonia singapor singapur sinister sinned
    sinner sinnfein sintesi07 siouxsie sirius sissinit sissy sissyboy sisyphus sithlord sixers sixflags sixtynin
    sixtynine sk84life sk8board sk8ordie skate skate123 skateboa skateboard skater skeeter skeeter1 skeletor
    skidmark skidoo skiing skinhead skinnass skinner1 skinny skipjack skipper skipper1 skippy skittles skorpion
    skorpion39 skyblue1 skyblues skydive skydive1 skydiver skyeseth skylar skyler skyline skyline1 skypilot skytommy
    skywalk1 skywalke skywalker slacker slacker1 slacking slagelse slamdunk slapnuts slapper slappy slapshot
    slava123 slave slave1 slaveboy slavik slayer slayer66 slayer666 slayer69 slayers1 sleeper sleepers sleepy
    sleipnir slick slick1 slick123 slickone slickric slider slim slimed123 slimshad slimshady slinky slipknot
    slipknot1 slipknot666 slipper1 slippery sloneczko slot2009 slowhand slowpoke slowride slut slutfuck sluts slutty
    slutwife smackdow smackdown smalldog smallfry smalltit smallvil smallvill smallville smartass smarties smashing
    smeghead smegma smelly smellyfe smile123 smile4me smiles smiley smirnoff smirnova smith123 smiths smitty smoke
    smoke1 smoke420 smokedog smokeone smokepot smoker smokes smokewee smokeweed smokey smokey01 smokey1 smokey12
    smokie smokin smolensk smooches smoochie smooth smoothie smudge smuggles smut snake snake1 snake123 snakebit
    snakeeye snakeeyes snakeman snakes snapon snapper snapper1 snapple snappy snapshot snatch sneakers snickers
    snickers1 sniper sniper01 sniper12 snoogans snoogins snooker snoop snoopdog snoopdogg snoopy snoopy1 snoopy12
    snoopy69 snowball snowball1 snowbird snowboar snowboard snowdrop snowflak snowflake snowhite snowman snowman1
    snowmass snowshoe snowstor snowwhit snowwhite snuffles snuffy snuggles snuggles1 snusmumrik sobaka soboleva
    sobriety soccer soccer09 soccer1 soccer10 soccer11 soccer12 soccer123 soccer13 soccer14 soccer15 soccer16
    soccer17 soccer18 soccer19 soccer20 soccer21 soccer22 soccer33 soccer69 soccer77 soccer99 sochi2014 socrates
    sofaking softail softball softball1 softcore softtail software sojdlg123aljg sokolova sokrates soldier soldier1
    soleil solidsna solidsnake solitair solitari solitude solnce solnishko solnyshko solomon1 solstice something1
    sommer sonechka songbird songline songohan sonic sonic123 sonics sonnenschein sonnyboy sonofgod sonofsam sonoma
    sonshine sony sony1234 sonyericsson sonyfuck sonyvaio sooners sooners1 sophi sophie sophie01 sophie12 sophieh6
    soprano sopranos sorcerer sordfish soreilly sorokina sorrento soso123aljg soulmate soundman soundwav souschef
    southbay southpar southpark southpaw southsid southside southwes sovereig sowhat space199 spacebal spacebar
    spaceboy spacejam spaceman spagetti spaghett spam spam967888 spank spanking spankme spankme1 spanky spanner1
    spanners sparhawk sparkle sparkle1 sparkles sparkplu sparky sparky01 sparky1 sparky11 sparky12 sparky99 sparrow1
    sparta spartacu spartak spartak1922 spartan spartan1 spartan11 spartan117 spartans sparticu spawn spawn666
    speaker speaker1 specboot special1 speciali specialinsta specialk spectre spectre1 spectrum speculum speedo
    speedrac speedster speedy spencer1 spencer2 spencer5 sphinx spice spider spider1 spider10 spider12 spiderma
    spiderman spiderman1 spiderman3 spidey spike spike1 spike123 spiker spikes spinnake spinner spirit spitfire
    splash splatter splinter splitter spock sponge spongebo spongebob spooky spoonman sport123 sportage sportste
    sportster sporty spotligh spotty sprewell spring spring00 spring12 spring99 springst sprint sprinter sprite
    sprocket spunky spurs spurs1 spurs123 sputnik sputnik1 spyder spyglass squall squash squeaker squealer squerting
    squirrel squirt squirter squirtle sr20dett srilanka srinivas ssbt8ae2 ssptx452 sssssss1 ssvegeta stairway stalin
    stalingrad stalker stalker1 stalker123 stalker2 stallion stallone stamford stampede standart standrew stanisla
    stanislav stanley1 stanley2 staples1 star star1234 star69 starbase starbuck starbucks starburs starcraf
    starcraft stardust starfire starfish starflee starfleet starfuck starfury stargate stargaze stargazer stargirl
    starligh starlight starline starlite starman starship start123 starter startnow startrek startrek1 starwar1
    starwars starwars1 starwood stasik static station1 station2 statistika stealth stealth1 steam181 steamboa
    steamforums steeler steeler1 steelers steelers1 steelhea stefano steffi steinway stella12 stellina stepan
    stepanov stepanova stepashka steph steph123 stephani stephen1 stepside stereo sterlin steve1 steve121 steve123
    stevenso stewart1 sthgrtst stickboy stickdaddy77 stickman sticks sticky stiffy stigmata stiletto stillers
    stillher stimorol stimpy sting stinger stinger1 stingers stingray stinker1 stinky stinkyfinger stockcar stockhol
    stocking stockpor stocks stokecit stokrotka stomatolog stone55 stonecol stonecold stoned stones stonewal stoney
    stoppedb stoppedby storm storm1 stormbri stormy stpiliot str8edge strange1 stranger strannik stratcat stratfor
    stratoca stratocaster stratus stratus1 strawber strawberry straycat streaker streaming streetball strekoza
    strider strider1 strike striker striker1 strip4me stripclub stripper stroker stroller strongbo structur strummer
    strutter stubby stud student1 studio54 studioworks studly studmuff studmuffin stumpy stunner stunner1 stuntman
    stupid stupid12 stuttgar stylus suan subaru sublime sublime1 submarin submissi submit subway subwoofer subzero
    subzero1 success success1 success2 suck suckcock suckdick sucker sucker69 suckfuck suckit suckit69 suckme
    suckmeoff suckmy1k suckmyco suckmycock suckmydi suckmydick sucks suckthis sudhakar sugar sugar1 sugarbea
    sugarbear sugardog sugarray suikoden sultan sumitomo summer summer00 summer01 summer02 summer03 summer04
    summer05 summer06 summer07 summer08 summer1 summer10 summer11 summer12 summer13 summer20 summer22 summer69
    summer98 summer99 summerti summertime summit summoner sunbanna sunburst sundance sunday sundaypunch sunderla
    sundevil sunfire sunflowe sunflower sunghile sunlight sunny1 sunny123 sunnyboy sunnyday sunnysid sunrise
    sunrise1 sunset sunsh1ne sunshin sunshin1 sunshine sunshine1 super super1 super12 super123 superb superbad
    superbee superbow superboy supercal supercar supercat supercoo supercop superdav superdog superdude superdup
    superduper superfly superfre supergir supergirl superjet superma superma1 superman superman1 superman12
    superman123 superman2 supermanboy supermar supermario supermax supermen supermom supernov supernova superpuper
    supersex superson supersonic supersta superstar superted supertra support1 sureno13 sureshot surf surfboar
    surfcity surfer surfer69 surfing surfing1 surfside surrende surveyor survivor susanne1 sushi suspende sustanon
    suzanne1 suzuki sveta sveta123 svetasveta svetik svetlana svetlanka svoboda swallow swallows swampfox swansong
    swatteam sweet1 sweet123 sweet666 sweetass sweetdream sweetgirl sweethea sweethear sweetie1 sweeties sweetnes
    sweetness sweetpea sweetpus sweetpussy sweets sweetu70 sweety swetlana swimmer swimmer1 swimming swinger
    swinger1 swingers swinging swissair sword sword123 swordfis swordfish swords swordsma sycamore sydney sydney12
    sylvania sylveste symantec syncmast syncmaster syndicat syracuse sys64738 sysadmin system12 system32
    systemofadown syzygy t34vfrc1991 t3fkvkmj tabaluga tabbycat table54781 tabletop taburetka tacobell tacoma
    tadmichaels taekwond taekwondo taganrog tagheuer tailgate tailhook tajmahal takamine takayuki take8422 takedown
    takehana taliesin talisker talisman talktome tallulah talon talonesi tamerlan tampabay tamplier tamwsn3sja
    tanechka tanelorn tangerin tangerine tango tango123 tanker tannenbau tanstaaf tanushka tanya123 tanyshka
    tarantul tarasova taratata tardis target tarheel tarheel1 tarheels tarzan tashkent tassadar tasty tatarin
    tatertot tatiana1 tatooine tattoo tatyana taurus taxman taylor01 taylor1 taylor11 taylor12 taylorma tazdevil
    tazman tazmania tbone tcglyued tdeir8b2 tdfyutkbjy tdutybq tdutybz teacher teacher1 teamlosi teamomuch teamster
    teamwork teaparty teardrop techdeck techn9ne technica technici technics techno technolo tecktonik tecumseh
    teddy1 teddy123 teddybea teddybear teen teenfuck teengirl teenlove teens teenslut teiubesc tekken telecast
    telecaster telefon telefone telefono telefoon telemark telephon teleport telescop televisi televizor tema1234
    temitope temp temp123 temp1234 tempest tempest1 templar templar1 temporar temppass temppassword temptress
    tenerife teng tennesse tennis tennis11 tennis12 tenorsax tentacle tequiero tequila tequila1 tequilla terminat
    terminato terminator terorist terrapin terrell1 terriers terror terry123 test test1 test123 test1234 testdrive
    tester testerer testibil testicle testing testing1 testing123 testing2 testpass testuser teufelo7 texas1
    texas123 tgbxtcrbq tgkbxfgy thailand thanatos thankgod thankyou thebeach thebears thebeast thebeatl thebeatles
    theblues theboss thecakeisalie thecat thechamp theclash theclown thecount thecure1 thedevil thedog thedoors
    thedream thedude theend theflash theforce thegame thegame1 theghost thegirls thegreat thejoker thekid thekiller
    theking theking1 thekiwi1 thelast1 theman theman22 themaste themaster thematri thematrix theone thepower
    theraven theresa1 theriver therock therock1 thesaint thesims thesims2 thesims3 thesnake thestone thetachi
    thething thetruth theworld thicknes thinkbig thinkpad thinline thirdeye thirteen thisisit thisisme thissuck
    thissucks thoma thomas01 thomas1 thomas10 thomas11 thomas12 thomas123 thomas13 thomas19 thomas21 thong thongs
    thor thor5200 thoradin thorsten threesom throatfuck throbber thuglife thuglove thugstools thumbnils thumbs
    thumper thumper1 thunder thunder0 thunder1 thunder2 thunder3 thunder5 thunder6 thunder7 thunder9 thunderb
    thunderbird thunderc thunders thvfrjdf thx1138 tian tiao tiberian tiberium tiberius tiburon tiburon1
    ticketmaster tickle tickleme tickling ticklish ticktock tiffany1 tiffany2 tiger tiger1 tiger123 tiger2 tiger200
    tigerboy tigercat tigereye tigerfan tigerlil tigerman tigerpaw tigers tigers01 tigers1 tigers11 tigers12
    tigertig tigerwoo tigerwoods tigger tigger01 tigger1 tigger11 tigger12 tigger13 tigger2 tigger69 tigger99
    tightass tightend tights tigrenok tiktonik timber timberla timberland timberwo timberwolf timebomb timelord
    timepass timeport timewarp timmy123 timoshka timothy1 timoxa94 tinchair tincouch tinfloor ting tinhorse tinker
    tinkerbe tinkerbel tinkerbell tinman tintable tintin tinuviel tipper tippmann tiramisu tiribon12 titan titanic
    titanic1 titanium titans titleist titlover titmouse tits titsnass titten titties titty tkachenko tkbpfdtnf
    tlbyjhju tm371855 tmjxn151 toadfrog toaster todiefor toejam toffee tokenbad tokiohotel tolkien tolkien1 tomahawk
    tomato tombraid tombraider tombston tomcat tomcat14 tomjerry tomjones tommy1 tommy123 tommyboy tommycat tommygun
    tommylee tomservo tomwaits tonyhawk toolman toolshed tooltime toon toonarmy toonporn tooshort toosweet tootie
    tootsie tootsie1 topcat topdevice topdog topflite topgun topher topolino toppdogg topper topsecre topsecret
    topshelf toriamos tornado tornado1 tornados toronto toronto1 torrente torrents tortoise toshiba toshiba1
    totalwar totenkopf tottenha tottenham touchdow toughguy toulouse toutoune towtruck toyota toyota91 toystory
    tracker tracker1 tracksta tractor tracy123 trademan trader trader12 trafalga traffic1 trafford trailer1 trailers
    trainer trainman trance tranmere tranny tranquil transalp transam transam1 transcend transexual transfor
    transits translator transpor trapdoor trapper trashman travel traveler travelle travesti travolta traxdata
    treasure trebor treefrog treehous treetops trekbike tremendo trfnthby trfnthbyf triangle triathlo tribbles
    tricky tricolor trident trident1 triforce trigger trigger1 trigger2 trillian trillium trim7gun trinitro
    trinitron trinity trinity1 trinity3 trinity7 triplets tripod tripper tristan1 tristram triton triumph triumph1
    trixie trojan trojans trojans1 trombone trompete trooper trooper1 trooper2 troopers trotters trouble trouble1
    trouble2 trousers troutbum trrim777 truck trucker trucker1 truckers trucking truckman trucks trueblue truegrit
    truelove truffles trumpet trumpet1 trunks truskawka trustn01 trustno1 trustnoo trustnoone tryagain tsunami
    tsunami1 tttttt99 ttttttt1 tu190022 tubitzen tuczno18 tuesday tuesday1 tuesday2 tuffgong tujazopi tujheirf
    tulips tummybed tunafish tundra tuning tupacshakur tuppence turambar turandot turbo turbo1 turbo911 turbodog
    turkey turkey50 turntabl turtle turtoise tvxtjk7r tweety twentyon twilight twinboys twinkle twinkles twinturb
    twisted twisted1 twister twisters twizzler twogirls twothree tyler1 tyler123 typhoon tyrik123 tyson123 u4slpwra
    uaeuaeman ublhjgjybrf ubvyfpbz uekmyfhf ufdibyjd ufgyndmv ufhhbgjnnth ufhvjybz ufkbyf ufkfrnbrf ufkxjyjr
    uhbujhbq uhfdbwfgf uhtqneyu uiegu451 ujhjl312 ujkjdjkjvrf ukflbfnjh ukflbjkec ukqmwhj6 ultima ultimate ultra
    ultra123 ultraman umbrella ummagumma unb4g9ty uncencored unclebob unclesam undead underdog undergro underhil
    undernet underpar undertak undertaker undertow underwat underwoo underwor unforgiv unforgiven unicorn unicorn1
    united99 universa universi unknown1 unlimite unreal up9x8rww uptheass upyours uranus urlacher ursitesux usa123
    usarmy usermane username usethis1 usmarine usmc usmc0311 usmc1775 usnavy usuckballz1 utahjazz uthvfybz utjuhfabz
    utjvtnhbz uto29321 utopia utyyflbq uuuuuuu1 uvmrysez v123456789 vacation vader vader123 vadim vaffanculo
    vagabond vagina vakantie valdemar valdepen valentin valentina valera valeria1 valerie1 valeriya valhalla
    valkiria valkyrie valleywa vampire vampire1 vancouve vandamme vanechka vanessa1 vangelis vanguard vanhalen
    vanilla vanilla1 vanyarespekt varadero varvara vaseline vasileva vasilina vasilisa vasilisk vatoloco vauxhall
    vaz21074 vaz21093 vaz21099 vbhjckfd vbhjckfdf vbhjh123 vbhjndjhtw vbitymrf vbnhjafy vector vectra vedder
    vegas123 vegeta vehpbkrf vehvfycr velosiped velvet vendetta venera venezuel vengence venom121293 venom123
    ventura1 venture1 vepsrfyn verbatim verboten vergesse vergeten veritas veritas1 veritech verizon verizon1
    vermont vermont1 verochka veronika veroniqu versace vertigo verycool verygood verygoodbot verymuch verynice
    verysexy vespucci vette vetteman vfczyz vfhbfyyf vfhbyf vfhbyfvfhbyf vfhbyjxrf vfhecmrf vfhecz vfhnsirf
    vfhnsyjdf vfhufhbnf vfhufhbnrf vfhvtkfl vfhvtkflrf vfibyf vfiekmrf vfitymrf vfkmdbyf vfksirf vfktymrfz
    vflfufcrfh vfnbkmlf vfnhjcrby vfntvfnbrf vfpfafrf vfrcbv vfrcbv123 vfrcbvec vfrcbvev vfrcbvjd vfrcbvjdf vfrcbvrf
    vfrcbvvfrcbv vfrfhjdf vfrfhjys vfuyjkbz vfvekbxrf vfvekmrf vfvektxrf vfvekz vfvf2011 vfvfbgfgf vfvfgfgf
    vfvfgfgf123 vfvfgfgfz vfvfktyf vfvfvskfhfve vfvjxrf vfylfhby vfylfhbyrf vfyxtcnth vg08k714 vh5150 viagra
    vibrator vicecity vicelord victoire victoria1 victoriya victory victory1 victory7 videogam videoman viewsoni
    viewsonic vika1995 vika1996 vika1998 vika2010 vika2011 viking vikings vikings1 vikings2 viktor viktoria
    viktorija viktoriy viktoriya villevalo vinbylrj vincent1 vinicius vinograd vintage vintelok violator violentj
    violetta violin viper viper1 viper123 vipergts viperman vipers virgin virginie virtuagirl visa vishenka visigoth
    vision visionar vitalik vitalik1 vitalina vitalogy vitamine vittoria vittorio vivahate vivitron vjcrdf vjhjpjdf
    vjhrjdrf vjnjhjkf vjqgfhjkm vjzctvmz vjzgjxnf vkfwx046 vkontakte vlad1234 vlad1994 vlad1995 vlad1996 vlad1997
    vlad1998 vlad2011 vlad7788 vladik vladimir vladimir1 vladimirovna vladislav vladislava vladvlad vodafone volcom
    voldemar volgograd volition volkodav volkswag volkswagen volley volleyba voltaire voluntee volvo volvo240
    volvo850 volvos40 volvos60 volvos80 volvov70 vonnegut voodoo voronina vortex vova12345 vova1992 vova1994
    vovan_lt vovochka voyager voyager1 voyager2 voyeur vqsablpzla vsegda vsevolod vsjasnel12 vthctltc vthokies
    vthrehbq vtldtltd vtufgjkbc vulcan vurdf5i2 vw198m2n vwpassat vyjujnjxbt w1234567 w1w2w3w4 w2dlww3v5p w8gkz2x1
    wachovia wachtwoord waffenss wagoneer waheguru wakeboar waldemar walhalla walkman555 wallace1 wallace2 walleye
    walleye1 wallpape wallstre wallstreet walmart walnut walrus walter34 wanderer wanker wantsome wapapapa wapbbs
    wapbbs_1 war3demo waratsea warchild warcraft warcraft1 warcraft3 wareagle warehous wargames warhamer warhamme
    warhammer warhammer40k warhorse warlock warlock1 warlord warlord1 warrior warrior1 warrior2 warrior3 warriors
    warspite warszawa wartburg warthog was.here wasdwasd wasdwasd1 washingt washingto wasser wassup watcher watchmen
    watchout water1 water123 waterboy waterfal waterloo watermel watermelon waterpol waterpolo waterski wavmanuk
    wayfarer wazzkaprivet wcksdypk wcrfxtvgbjy wdtnjxtr weare138 weasel weather1 webhompas webhompass webmaste
    webmaster websol76 websolutions websolutionssu webster1 websters webuivalidat wednesda weed weedhead weetabix
    weezer weihnachte weihnachten weihnachtsbau weihnachtsbaum wejrpfpu welcom welcome welcome0 welcome01 welcome1
    welcome12 welcome123 welcome2 welcome4 welcome5 welcome7 welcome8 welder welkom01 wellcome welldone wellhung
    wellingt welshman wenef45313 weng werder werewolf weronika wert1234 werthvfy werty123 wessonnn west1234 westbrom
    westcoas westcoast western1 westham westham1 westlife westport westside westwind westwing westwood wethepeople
    wetpussy wetwilly wetworks wg8e3wjf wharfrat whatever whatever1 whatisit whatluck whatsup whatthef whatthefuck
    whattheh whatthehell wheaties wheels whiplash whirling whiskers whiskey whiskey1 whisky whisper whisper1
    whistler white1 whiteboy whitecat whitedog whitehea whiteout whitepower whitesox whitesta whitetai whitetail
    whitewol whitewolf whitey whitney1 whoareyou whocares whodaman whoknows whoopass whore whosyourdaddy whynot
    whynotme whytesha wibble wicked wideglid wideopen widespre wifey wifey200 wiktoria wildbill wildblue wildcard
    wildcat wildcat1 wildcats wildchil wildfire wildman wildman1 wildroid wildrose wildside wildstar wildthin
    wildthing wildwest wildwood william0 william1 william2 william3 william4 william6 william7 william8 williamj
    williamm williams1 willie12 willow willow01 willy123 willyboy winchest windmill windows windows1 windows2
    windows9 windsong windsor windsor1 windstar windsurf wingchun wingman wingzero winner winner1 winner12 winner69
    winnipeg261 winston winston1 winston2 winston6 winstons winter winter00 winter01 winter11 winter12 winter99
    wintermu winxclub wisconsi wisdom wishbone wishmaster wisteria withlove wizard wizard12 wizardry wladimir
    wltfg4ta wmegrfux wnmaz7sd wolf359 wolfgang wolfie wolfman wolfman1 wolfpack wolverin wolverine wolves wombat
    womersle wonderbo wonderboy wonderbr wonderfu wonderwall wonderwo wonderwoman wonkette woodbird woodchuc
    wooddoor woodduck woodfish woodland woodlawn woodpony woodsink woodstoc woodstock woodwind woodwork woody woody1
    woody123 woofer woofwoof woohoo wookie wordlife wordpass workhard worksuck world123 worldcom worldcup worldnet
    worldwar worldwid wormwood wow12345 wowlook1 wp2003wp wpoolejr wraith wrangler wrench wrest666 wrestle wrestle1
    wrestlin wrestling1 wrinkle1 wrinkle5 wrinkles writerspace wrongway wtpmjgda wutang wutang36 wwr8x9pu wwwwwww1
    x002tp00 x4ww5qdr x72jhhu3z xaccess2 xakep1234 xanadu xavier xbox360 xboxlive xcalibur xcountry xenocide
    xenogear xenophon xerxes xexeylhf xfiles xiang xiaoyua123 xing xohzi3g4 xpressmusic xsvnd4b2 xsw21qaz xsw23edc
    xthtgfirf xtreme xtutdfhf xufrgemw xxx123 xxx12345 xxxp455w0rd5 xxxpass xxxxxxx1 xyh28af4 xyz123 xzsawq21
    yaglasph yamaha yamaha12 yamahar1 yamahar6 yamakasi yankee yankeemp yankees yankees0 yankees1 yankees2 yankees3
    yankees4 yankees7 yankees9 yanochka yanshi1982 yardbird yaroslav yasacrac yasuhiro ybrbnbyf ybrbnf ybrbnf_25
    ybrbnjcbr ybrjkfq ybrjkftd ybrjkftdbx ybrjkftdyf ycwvrxxh yeahbaby yeahrigh yeahright year2000 year2005 yelena03
    yellow yellow12 yellow22 yes90125 yesterda yfcnfcmz yfcntymrf yfcnz123 yfcnzvjz yfcnzyfcnz yfdbufnjh yfeiybrb
    yfgjktjy yfhrjnbrb yfltymrf yfnfif yfnfitymrf yfnfkb yfnfkmz yfxfkmybr ygfxbkgt yggdrasi yingyang yjdbrjdf
    yjdjcnbf yjdsqgfhjkm yjdsqujl yjdujhjl yjhbkmcr ym3cautj yoda yogibear yomama yorkshir yorktown yosemite
    youandme youngone yourmama yourmom yourmom1 yourname yousuck yousuck1 yqlgr667 yqmbevgk yr8wdxcq ytdxz2ca
    ytngfhjkz ytnhjufnm ytrewq ytrhjvfyn ytyfdbcnm yugioh yuitre12 yujyd360 yummy yvtte545 yxkck878 yy5rbfsc
    yyyyyyy1 yzerman yzerman1 z1234567 z123456789 z123456z z1x2c3 z1x2c3v4 z1x2c3v4b5 z1x2c3v4b5n6m7 z1z2z3z4
    z3cn2erv zacharia zachary1 zaharova zalupa zang zanzibar zaphod zaphod42 zappa zaq!2wsx zaq11qaz zaq123 zaq12345
    zaq123wsx zaq12qaz zaq12wsx zaq1xsw2 zaq1xsw2cde3 zaqwsx zaqwsx123 zaqwsxcde zaqwsxcderfv zaqxsw zaqxsw123
    zaqxswcde zaratustra zaraza zasranec zaxscdvf zcfvfzkexifz zcxfcnkbdf zcxfcnkbdfz zebra zebra123 zemanova zeng
    zenit2011 zenith zephyr zeppelin zerocool zesyrmvu zeus zhai zhao zhei zheng zhjckfd zhjckfdf zhong zhongguo
    zhou zhuai zhuang zhui zhun zhuo zidane zidane10 zigazaga ziggy ziggy123 zigzag zildjian zimmerma zinedine
    zipdrive zipper zippy zippy123 zjses9evpa zldej102 zodiac zoidberg zolushka zombie zombie13 zong zootsuit zorro
    zorro123 zpflhjn1 zqjphsyf6ctifgu zrjdktdf zse45rdx zse4xdr5 zsecyus56 zuan zucchero zvezda zx123456 zx123456789
    zxasqw12 zxc123 zxc12345 zxc123456 zxc123zxc zxcasd zxcasd123 zxcasdqw zxcasdqwe zxcasdqwe123 zxcqweasd zxcv1234
    zxcv4321 zxcvasdf zxcvb123 zxcvb1234 zxcvb12345 zxcvbasdfg zxcvbn zxcvbn12 zxcvbn123 zxcvbn123456 zxcvbnm
    zxcvbnm. zxcvbnm1 zxcvbnm12 zxcvbnm123 zxcvbnm123456789 zxcvbnma zxcvbnmm zxcvbnmz zxcvfdsa zxcvvcxz zz123456
    zz8807zpl zzxxccvv zzzxxx zzzxxxccc zzzzxxxx zzzzzzz1
    """
}
