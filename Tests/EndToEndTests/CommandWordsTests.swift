import Glibc
import TestSupport
import Testing

/// What the program says about its commands, and about words that it does not know.
@Suite("the words of commands")
struct CommandWordsTests {
  private func expectUsage(_ arguments: String..., sentence: String) throws {
    let ending = try Programs.run(arguments)
    #expect(ending.status == 64)
    #expect(ending.output.isEmpty)
    #expect(ending.errors == "dashboard: \(sentence)\n")
  }

  /// The names of the commands, as the help lists them.
  private var commands: [[String]] {
    get throws {
      let lines = try Programs.run(["help"]).output.split(separator: "\n").filter { $0.hasPrefix("  ") }
      return lines.compactMap { line in
        let name = line.dropFirst(2).split(separator: "  ", maxSplits: 1).first ?? ""
        return name.hasPrefix(" ") ? nil : name.split(separator: " ").map(String.init)
      }
    }
  }

  @Test("every command says what it does and takes, in lines that fit a terminal of 130 columns")
  func help() throws {
    #expect(try commands.count >= 26)
    for command in try commands {
      let help = try Programs.run(command + ["--help"])
      #expect(help.status == 0)
      #expect(help.output.hasPrefix("usage: dashboard \(command.joined(separator: " "))"))
      #expect(help.output.split(separator: "\n").allSatisfy { $0.count <= 130 }, "\(command)")
      #expect(try Programs.run(["help"] + command).output == help.output)
      #expect(try Programs.run(command + ["-h"]).output == help.output)
    }
    #expect(try Programs.run(["--help"]).output == Programs.run(["help"]).output)
    let group = try Programs.run(["session", "--help"])
    #expect(group.status == 0 && group.output.split(separator: "\n").count == 3)
    #expect(try Programs.run(["help", "session"]).output == group.output)
  }

  @Test("a mistyped word gets the nearest ones")
  func mistyped() throws {
    try expectUsage(
      "acount", "list",
      sentence: "there is no command 'acount'; did you mean 'account'? all commands: dashboard --help")
    try expectUsage(
      "account", "supsend", "bob",
      sentence: "there is no command 'account supsend'; did you mean 'account suspend'?")
    try expectUsage(
      "frobnicate", sentence: "there is no command 'frobnicate'; all commands: dashboard --help")
    try expectUsage(
      "session", sentence: "'session' needs one more word: 'session list', 'session end', 'session end-all'")
    try expectUsage(
      "account", "list", "--grup", "x",
      sentence:
        "account list has no option '--grup'; did you mean '--group'?; its options: dashboard account list --help"
    )
    try expectUsage(
      "suspend", "bob",
      sentence:
        "there is no command 'suspend'; did you mean 'account suspend'? all commands: dashboard --help")
    try expectUsage(
      "--json", "account", "list",
      sentence:
        "'--json' comes after the command: dashboard COMMAND --json; all commands: dashboard --help")
    try expectUsage("account", "show", sentence: "ACCOUNT is missing")
    try expectUsage("account", "show", "a", "b", sentence: "there is a word too many: 'b'")
    try expectUsage("account", "list", "--group", sentence: "--group needs a value: --group NAME")
    try expectUsage("account", "list", "--json", "--json", sentence: "--json is there twice")
    try expectUsage("account", "list", "--json=yes", sentence: "--json takes no value")
    try expectUsage(
      "\u{1B}[31m", sentence: #"there is no command '\u{1B}[31m'; all commands: dashboard --help"#)
  }

  @Test("words after -- are no options, so that a username can begin with a hyphen")
  func operands() throws {
    let directory = try TemporaryDirectory()
    let ending = try Programs.run(["account", "show", "--", "--json"], ["DATA_DIR": directory.path("data")])
    #expect(ending.status == 66)
    #expect(ending.errors.contains("does not exist yet"))
    #expect(Files.names(in: directory.path).isEmpty)
  }

  @Test("--config names the settings; a file that can't be read is an error of the settings")
  func config() throws {
    let directory = try TemporaryDirectory()
    try Files.write("PAGE_SIZE=7\nDATA_DIR=\(directory.path("data"))\n", to: directory.path("settings"))
    let ending = try Programs.run(["settings", "--json", "--config", directory.path("settings")])
    let values = try JSON(Array(ending.output.utf8.dropLast())).array ?? []
    let size = try #require(values.first { $0["name"]?.string == "PAGE_SIZE" })
    #expect(size["value"]?.string == "7")
    #expect(try Programs.run(["account", "list", "--config=/nowhere"]).status == 78)
  }

  @Test("output that can't be written ends a command with 74, and a reader that has gone does not")
  func output() throws {
    for word in ["help", "--version"] {
      let full = try ChildProcess.run(
        ["/bin/sh", "-c", #"exec "$0" "$1" >/dev/full"#, Programs.dashboard, word])
      #expect(full.status == 74)
    }
    let gone = try ChildProcess.run(["/bin/sh", "-c", #""$0" help | true"#, Programs.dashboard])
    #expect(gone.errors.isEmpty)
    // What a change has made is told only once.
    let site = try Site(.fastcgi)
    _ = try site.signUp("ada")
    let lost = try ChildProcess.run(
      [
        Programs.python, "-c",
        """
        import os, subprocess, sys
        reader, writer = os.pipe()
        os.close(reader)
        sys.exit(subprocess.run([sys.argv[1], "invitation", "create"], stdout=writer).returncode)
        """, Programs.dashboard,
      ], environment: ["DATA_DIR": site.data.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"])
    #expect(
      lost.status == 74 && lost.errors.contains("it is done, but the result can't be printed"), "\(lost)")
  }

  /// `UPDATE_DOCS=1 deploy/test --filter CommandWordsTests` writes the page.
  @Test("docs/reference/commands.md agrees with the commands")
  func reference() throws {
    let path = "\(Programs.root)/docs/reference/commands.md"
    let mark = "<!-- made from the commands -->\n"
    let head = try Files.text(path).split(separator: mark, omittingEmptySubsequences: false)[0]
    let wanted = try String(head) + mark + Programs.run(["help", "--reference"]).output
    if getenv("UPDATE_DOCS") != nil { try Files.write(wanted, to: path) }
    let isCurrent = try Files.text(path) == wanted
    #expect(
      isCurrent,
      """
      docs/reference/commands.md does not agree with the commands: \
      run `UPDATE_DOCS=1 deploy/test --filter CommandWordsTests`
      """)
  }

  @Test("the manual page has every command, and man(1) has nothing to say against it")
  func manual() throws {
    let page = try ChildProcess.run(["\(Programs.root)/deploy/manual", Programs.dashboard])
    #expect(page.status == 0, "\(page.errors)")
    for command in try commands {
      let name = command.joined(separator: " ").replacing("-", with: "\\-")
      #expect(page.output.contains("\n.SS \"dashboard \(name)"))
    }
    let shown = try ChildProcess.run(
      ["/bin/sh", "-c", "groff -man -Tutf8 -ww >/dev/null"], environment: ["PATH": "/usr/bin:/bin"],
      input: page.output)
    #expect(shown.status == 0 && shown.errors.isEmpty, "\(shown.errors)")
  }

  @Test("a password is asked for twice on the terminal, which does not show it")
  func prompt() throws {
    let site = try Site(.fastcgi)
    let script = """
      import os, pty, signal, sys, termios
      def talk(answers):
          pid, terminal = pty.fork()
          if pid == 0: os.execv(sys.argv[1], [sys.argv[1], "account", "create", sys.argv[2], "--owner"])
          shown = b""
          for question, answer in answers:
              while not shown.endswith(question): shown += os.read(terminal, 4096)
              os.write(terminal, answer)
          try:
              while piece := os.read(terminal, 4096): shown += piece
          except OSError: pass
          return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()
      for second in [b"another\\n", b"\\x03", b"correct horse\\n"]:
          status, shown = talk([(b"New password: ", b"correct horse\\n"), (b"Once more: ", second)])
          print(status, "horse" in shown)
      # The terminal echoes again after a signal. After Ctrl-Z the command asks again; without a shell nothing stops it.
      for number in [signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP]:
          pid, terminal = pty.fork()
          if pid == 0: os.execv(sys.argv[1], [sys.argv[1], "account", "create", "bob"])
          def until(text):
              shown = b""
              while not shown.endswith(text): shown += os.read(terminal, 4096)
          def echoes(): return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
          until(b"New password: ")
          before = echoes()
          os.kill(pid, number)
          if number == signal.SIGTSTP:
              until(b"New password: ")
              os.kill(pid, signal.SIGTERM)
          status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
          print(number.name, status == -number, before, echoes())
      """
    let ending = try ChildProcess.run(
      [Programs.python, "-c", script, Programs.dashboard, "ada"],
      environment: ["DATA_DIR": site.data.path("data"), "BCRYPT_WORKLOAD_FACTOR": "4"])
    #expect(
      ending.output == """
        65 False
        -2 False
        0 False
        SIGTERM True False True
        SIGHUP True False True
        SIGTSTP False False True

        """, "\(ending.errors)")
    _ = try site.signIn("ada", password: "correct horse")
  }
}
