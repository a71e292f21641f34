/// The configuration of nginx as `nginx -T` prints it: all files with their directives.
struct NginxConfiguration {
  struct Directive {
    /// The file in which it stands.
    let file: String
    /// The names of the blocks around it, from the outside in, such as `http`, `server`, `location`.
    let blocks: [[String]]
    /// A number for the innermost of them, which no other block has.
    let block: Int
    /// Its name and parameters.
    let words: [String]
  }

  let directives: [Directive]

  init(_ text: String) {
    var (directives, file, blocks, words): ([Directive], String, [[String]], [String]) = ([], "", [], [])
    var (numbers, count) = ([0], 0)
    func add(_ words: [String], in blocks: [[String]]) {
      directives.append(Directive(file: file, blocks: blocks, block: numbers.last ?? 0, words: words))
    }
    var scanner = Scanner(rest: Substring(text).utf8[...])
    while let token = scanner.next() {
      switch token {
      case .file(let name):
        count += 1
        (file, blocks, words, numbers) = (name, [], [], [count])
      case .word(let word): words.append(word)
      case .semicolon:
        if !words.isEmpty { add(words, in: blocks) }
        words = []
      case .open:
        add(words, in: blocks)
        blocks.append(words)
        count += 1
        numbers.append(count)
        words = []
      case .close:
        _ = (blocks.popLast(), numbers.popLast())
        words = []
      }
    }
    self.directives = directives
  }

  /// The directives of a name in a file, or in all.
  func all(_ name: String, inFile isWanted: (String) -> Bool = { _ in true }) -> [Directive] {
    directives.filter { $0.words.first == name && isWanted($0.file) }
  }

  private enum Token {
    case file(String)
    case word(String)
    case semicolon
    case open
    case close
  }

  private struct Scanner {
    var rest: Substring.UTF8View.SubSequence

    private static let header = "# configuration file "

    mutating func next() -> Token? {
      while let byte = rest.first {
        switch byte {
        case UInt8(ascii: "#"):
          let line = rest.prefix { $0 != UInt8(ascii: "\n") }
          rest = rest.dropFirst(line.count)
          let text = String(Substring(line))
          if text.hasPrefix(Self.header), text.hasSuffix(":") {
            return .file(String(text.dropFirst(Self.header.count).dropLast()))
          }
        case UInt8(ascii: ";"), UInt8(ascii: "{"), UInt8(ascii: "}"):
          rest = rest.dropFirst()
          return byte == UInt8(ascii: ";") ? .semicolon : byte == UInt8(ascii: "{") ? .open : .close
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
          rest = rest.dropFirst()
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .word(quoted(by: byte))
        default: return .word(plain())
        }
      }
      return nil
    }

    private mutating func quoted(by quote: UInt8) -> String {
      var word: [UInt8] = []
      rest = rest.dropFirst()
      while let byte = rest.popFirst(), byte != quote {
        if byte == UInt8(ascii: "\\"), let next = rest.popFirst() {
          word.append(next)
        } else {
          word.append(byte)
        }
      }
      return String(decoding: word, as: UTF8.self)
    }

    private mutating func plain() -> String {
      var word: [UInt8] = []
      var isVariable = false
      while let byte = rest.first {
        // ${name} is a part of a word.
        if byte == UInt8(ascii: "{"), word.last == UInt8(ascii: "$") { isVariable = true }
        let ends = " \t\r\n;{".utf8.contains(byte) || byte == UInt8(ascii: "}") && !isVariable
        if ends, !isVariable { break }
        if byte == UInt8(ascii: "}") { isVariable = false }
        word.append(byte)
        rest = rest.dropFirst()
      }
      return String(decoding: word, as: UTF8.self)
    }
  }
}
