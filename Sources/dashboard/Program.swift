internal import Gateway
internal import Glibc
internal import WireFormat

/// The program: which of its three lives it leads, and with what it ends (sysexits.h).
enum Program {
  private enum Exit {
    static let success: Int32 = 0
    static let usage: Int32 = 64
    static let unavailable: Int32 = 69
    static let configuration: Int32 = 78
  }

  private static let usage = """
    usage: dashboard --listen unix:PATH | --listen 127.0.0.1:PORT

    Answers the Dashboard API over FastCGI, in the foreground. Started with a listening socket as descriptor 0
    (spawn-fcgi, or systemd with StandardInput=socket) it uses that one; started by a web server as a CGI program
    (GATEWAY_INTERFACE set) it answers that one request.

      --listen ADDRESS  a socket file, made with mode 0660, or a port of the loopback network
      --help            this text
      --version         the version

    Settings come from the environment or from the file that DASHBOARD_CONFIG names.

    """

  static func run(arguments: [String]) -> Int32 {
    let variables = MetaVariables.ofProcess()
    if let listener = Listener.inherited() { return serve(on: listener) }
    // Before the arguments: a web server may pass words of the query string as arguments (RFC 3875 section 4.4).
    if CGI.isInvoked(with: variables) {
      return CGI.answer(variables, application: Trivial(), bodyLimit: 2_000_000)
        ? Exit.success : Exit.unavailable
    }
    switch arguments {
    case ["--help"]:
      print(usage, terminator: "")
      return Exit.success
    case ["--version"]:
      print("dashboard 0.1.0")
      return Exit.success
    case _ where arguments.count == 2 && arguments[0] == "--listen":
      guard let address = ListenAddress(arguments[1]) else {
        StandardError.write("dashboard: --listen \(arguments[1]): neither unix:PATH nor 127.0.0.1:PORT")
        return Exit.usage
      }
      do {
        return serve(on: try Listener.listen(on: address))
      } catch {
        StandardError.write("dashboard: \(error)")
        return Exit.unavailable
      }
    default:
      StandardError.write(usage)
      return Exit.usage
    }
  }

  private static func serve(on listener: Listener) -> Int32 {
    do {
      Responder.takeSignals()
      let options = Responder.Options()
      let responder = try Responder(listener: listener, application: Trivial(), options: options)
      Responder.waitForTermination()
      _ = responder.stop()
      return Exit.success
    } catch {
      StandardError.write("dashboard: \(error)")
      return Exit.unavailable
    }
  }
}

struct Trivial: Application {
  func work(for variables: MetaVariables) -> Work {
    variables.path.elementsEqual("/w".utf8)
      ? .writing : variables.path.elementsEqual("/h".utf8) ? .hashing : .reading
  }
  func respond(to request: Request) -> Response {
    var response = Response()
    response.body = Array("hello \(request.body.count) \(request.bodyState)\n".utf8)
    return response
  }
  func refuseBusy(_ request: Request) -> Response { Response(status: 503) }
}
