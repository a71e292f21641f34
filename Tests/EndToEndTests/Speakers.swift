/// A person with a name and a password in a language.
///
/// The table follows from the contract alone: full and half width, white space, lower case by the simple mapping, and NFC make
/// one name. Anything else makes another name.
struct Speaker: Sendable {
  let language: String
  /// As typed at registration.
  let name: String
  /// The same name, as other devices type it.
  let spellings: [String]
  /// Names that look like it and are others.
  let others: [String]
  /// As typed at registration.
  let password: String
  /// The same password, as other devices type it.
  let typed: String
  /// Another password that looks like it.
  let wrong: String

  private init(
    _ language: String, _ name: String, also spellings: [String], not others: [String],
    password: String, typed: String, wrong: String
  ) {
    self.language = language
    self.name = name
    // A phone completes a word with a space.
    self.spellings = spellings + [name + " "]
    self.others = others
    self.password = password
    self.typed = typed
    self.wrong = wrong
  }

  static let all = [
    Speaker(
      "German", "J\u{FC}rgen Groß",
      also: [
        "jürgen groß", "Ju\u{308}rgen Groß", "JÜRGEN GROẞ", "Jürgen\u{A0} Groß", "Ｊürgen Groß",
      ], not: ["Jürgen Gross", "Jurgen Groß", "Juergen Groß", "JürgenGroß"],
      password: "scho\u{308}ne Gru\u{308}ße", typed: "sch\u{F6}ne Gr\u{FC}ße", wrong: "schöne Grüsse"),
    // The simple mapping makes `I` an `i`, and leaves `ı` as it is.
    Speaker(
      "Turkish", "\u{130}pek I\u{15F}\u{131}k",
      also: ["i\u{307}pek işık", "I\u{307}pek Is\u{327}ık", "İPEK Işık"],
      not: ["ipek Işık", "İpek Işik", "İpek ışık", "ıpek Işık"],
      password: "çalışkan öğrenci", typed: "c\u{327}alıs\u{327}kan o\u{308}g\u{306}renci",
      wrong: "çalişkan öğrenci"),
    Speaker(
      "Greek", "Οδυσσ\u{3AD}ας",
      also: ["ΟΔΥΣΣΈΑΣ", "οδυσσέασ", "Οδυσσε\u{301}ας", "οδυσσ\u{1F73}ας"],
      not: ["Οδυσσεας", "Ὀδυσσέας", "Oδυσσέας"],
      password: "καλ\u{3CC}ς κ\u{3CC}σμος", typed: "καλο\u{301}ς κ\u{1F79}σμος", wrong: "καλόσ κόσμοσ"),
    Speaker(
      "Persian", "علی\u{200C}رضا", also: ["\u{A0}علی\u{200C}رضا", "علی\u{200C}رضا\u{2003}"],
      not: ["علیرضا", "علی رضا", "علي\u{200C}رضا", "علی\u{200D}رضا"],
      password: "سلام بچه\u{200C}ها", typed: "سلام\u{A0}بچه\u{200C}ها", wrong: "سلام بچهها"),
    Speaker(
      "Arabic", "\u{623}حمد سعيد", also: ["\u{627}\u{654}حمد سعيد", "أحمد  سعيد"],
      not: ["احمد سعيد", "أ\u{64E}حمد سعيد", "إحمد سعيد"],
      password: "مرحبا \u{622}دم", typed: "مرحبا \u{627}\u{653}دم", wrong: "مرحبا ادم"),
    // NFC never composes U+095B and U+095D.
    Speaker(
      "Hindi", "\u{95B}ीनत", also: ["\u{91C}\u{93C}ीनत"], not: ["जीनत", "\u{95B}िनत"],
      password: "नमस्ते \u{922}\u{93C}ोल", typed: "नमस्ते \u{95D}ोल", wrong: "नमस्ते ढोल"),
    Speaker(
      "Sinhala", "ශ\u{DCA}\u{200D}රී ලාල්", also: ["ශ\u{DCA}\u{200D}රී\u{3000}ලාල්"],
      not: ["ශ\u{DCA}රී ලාල්", "ශ\u{DCA}\u{200C}රී ලාල්"],
      password: "ශ\u{DCA}\u{200D}රී ලංකාව", typed: "ශ\u{DCA}\u{200D}රී\u{A0}ලංකාව", wrong: "ශ\u{DCA}රී ලංකාව"),
    Speaker(
      "Japanese", "\u{30AC}ンダ\u{3000}Ｔａｒｏ",
      also: ["ｶﾞﾝﾀﾞ taro", "カ\u{3099}ンタ\u{3099} TARO", "ガンダ Taro", "ガンダ\u{3000}ｔａｒｏ"],
      not: ["カンタ taro", "がんだ taro", "ガンダtaro"],
      password: "ひみつの\u{3000}パスワード", typed: "ひみつの ハ\u{309A}スワート\u{3099}", wrong: "ひみつの ﾊﾟｽﾜｰﾄﾞ"),
    Speaker(
      "Korean", "김철수",
      also: [
        "\u{1100}\u{1175}\u{11B7}\u{110E}\u{1165}\u{11AF}\u{1109}\u{116E}", "김\u{110E}\u{1165}\u{11AF}수",
      ],
      not: ["김철스", "ㄱㅣㅁ철수", "김 철수"],
      password: "비밀번호 하나둘",
      typed:
        "\u{1107}\u{1175}\u{1106}\u{1175}\u{11AF}\u{1107}\u{1165}\u{11AB}\u{1112}\u{1169} \u{1112}\u{1161}나둘",
      wrong: "비밀번호 하나 둘"),
    // Marks above keep their order, and a mark below may come before or after them.
    Speaker(
      "Vietnamese", "Đ\u{1EB7}ng Th\u{1ECB} Nguy\u{1EC5}n",
      also: [
        "đặng thị nguyễn", "ĐẶNG THỊ NGUYỄN", "Đa\u{323}\u{306}ng Thi\u{323} Nguye\u{302}\u{303}n",
        "Đ\u{103}\u{323}ng Thi\u{323} Nguy\u{EA}\u{303}n",
      ], not: ["Đăng Thị Nguyễn", "Dặng Thị Nguyễn", "Đặng Thị Nguye\u{303}\u{302}n"],
      password: "m\u{1EAD}t kh\u{1EA9}u", typed: "ma\u{302}\u{323}t kha\u{302}\u{309}u", wrong: "mật khâu"),
    Speaker(
      "Russian", "Алексе\u{439} \u{401}лкин",
      also: ["алексей ёлкин", "АЛЕКСЕЙ ЁЛКИН", "Алексе\u{438}\u{306} \u{415}\u{308}лкин"],
      not: ["Алексей Елкин", "Алексеи Ёлкин", "Aлексей Ёлкин"],
      password: "мо\u{438}\u{306} \u{435}\u{308}жик", typed: "мой ёжик", wrong: "мой ежик"),
    Speaker(
      "Ukrainian", "\u{407}жакевич", also: ["їжакевич", "\u{406}\u{308}ЖАКЕВИЧ"],
      not: ["Іжакевич", "Йжакевич", "Ïжакевич"],
      password: "\u{457}жак \u{457}сть", typed: "\u{456}\u{308}жак \u{456}\u{308}сть", wrong: "іжак ість"),
    // Compatibility ideographs with a canonical mapping.
    Speaker(
      "Chinese", "林美玲８８", also: ["林美玲88", "\u{F9F4}美\u{F9AD}88"],
      not: ["林美鈴88", "林美玲 88", "林美玲八八"],
      password: "芝麻\u{3000}\u{958B}門開門吧", typed: "芝麻 開門開門吧", wrong: "芝麻 开门开门吧"),
    Speaker(
      "Hebrew", "\u{FB2A}רה כהן", also: ["ש\u{5C1}רה כהן", "\u{FB2A}רה\u{2002}כהן"],
      not: ["שרה כהן", "\u{FB2B}רה כהן"],
      password: "\u{FB4A}פוח אדום", typed: "\u{5EA}\u{5BC}פוח אדום", wrong: "תפוח אדום"),
    Speaker(
      "Thai", "น\u{E49}\u{E33}ฝน", also: ["น้ำฝน\u{A0}"], not: ["น\u{E4D}\u{E49}\u{E32}ฝน", "นำฝน"],
      password: "สวัสดี ชาวโลก", typed: "สวัสดี\u{2009}ชาวโลก", wrong: "สวัสดีชาวโลก"),
    Speaker(
      "Swedish", "\u{212B}sa Öberg", also: ["åsa öberg", "A\u{30A}SA O\u{308}BERG", "Åsa Öberg"],
      not: ["Asa Öberg", "Åsa Oberg", "Aasa Öberg"],
      password: "bl\u{E5}b\u{E4}r \u{2126}", typed: "bla\u{30A}ba\u{308}r Ω", wrong: "blåbär Ω "),
  ]
}
