public import Accounts
public import Routing

// What a program that calls the endpoints in process imports. In its Package.swift:
//
//     dependencies: [.package(name: "dashboard", path: "…")],
//     targets: [.executableTarget(name: "…", dependencies: [.product(name: "DashboardAPI", package: "dashboard")])]
//
// and in its code:
//
//     import API
//
//     let dashboard = try Dashboard(dataDirectory: "/var/lib/dashboard")
//     let account = try dashboard.call(
//       CreateAccount.self, posted: ["username": "ada", "password": "correct horse"])
//     let session = try dashboard.call(
//       CreateSession.self, posted: ["username": "ada", "password": "correct horse", "remember": "days"])
//     do {
//       let ended = try dashboard.call(
//         SetSessionEnded.self, query: ["sessionid": "\(session.sessionid)"], as: session)
//       print(ended.ended)  // true
//     } catch let exception as Exception {
//       print(exception.code, exception.detail)  // such as: invalid-session …
//     }

/// See `Routing.Dashboard`.
public typealias Dashboard = Routing.Dashboard
/// A refusal that the endpoint declares.
public typealias Exception = Routing.Exception
/// A refusal of whoever asks: not signed in, or no administrator.
public typealias AccessRefusal = Routing.AccessRefusal
public typealias Account = Accounts.Account
public typealias AccountID = Accounts.AccountID
public typealias AppName = Accounts.AppName
public typealias RandomSource = Accounts.RandomSource
public typealias Session = Accounts.Session
public typealias SessionID = Accounts.SessionID
public typealias TimeSource = Accounts.TimeSource
public typealias Timestamp = Accounts.Timestamp
