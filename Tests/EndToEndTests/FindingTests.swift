import DashboardEndpoints
import DashboardRecords
import TestSupport
import Testing

/// The routes administrator/account with a username, and administrator/accounts and accounts-count with an address.
@Suite("finding a person")
struct FindingTests {
  @Test(
    "a username leads to its account, in this app only, and for administrators only",
    arguments: Front.everywhere)
  func username(front: Front) throws {
    let site = try PreparedSite(front)
    let (here, there) = (try site.community(), try site.newApp())
    let stranger = try site.person("stranger", in: there)
    func answer(_ query: String, as person: Person?, in app: AppName? = nil) throws -> HTTPResponse {
      try site.site.request(
        "GET", "/api/administrator/account?\(query)", as: person?.user,
        headers: [("X-App", "\(app ?? here.app)")])
    }
    for spelling in ["user", "USER", "%20us%65r+"] {
      let found = try answer("username=\(spelling)", as: here.administrator)
      #expect(try found.json["accountid"] == .string("\(here.user.session.accountid)"))
      #expect(try found.text == answer("accountid=\(here.user.session.accountid)", as: here.owner).text)
    }
    #expect(try answer("username=stranger", as: stranger, in: there).status == 200)
    #expect(try answer("username=stranger", as: here.owner).verdict == "404 invalid-username")
    #expect(try answer("username=us", as: here.owner).verdict == "404 invalid-username")
    #expect(try answer("username=&accountid=", as: here.owner).verdict == "400 invalid-accountid")
    #expect(try answer("", as: here.owner).verdict == "400 invalid-accountid")
    let both = "username=user&accountid=\(here.user.session.accountid)"
    #expect(try answer(both, as: here.owner).verdict == "400 invalid-accountid")
    // An empty parameter counts as missing.
    #expect(try answer("username=user&accountid=", as: here.owner).status == 200)
    for name in ["user", "unknown"] {
      #expect(try answer("username=\(name)", as: here.user).verdict == "403 Administrator required")
      #expect(try answer("username=\(name)", as: nil).verdict == "401 Sign in required")
      #expect(try answer("username=\(name)", as: stranger).verdict == "401 Sign in required")
    }
  }

  @Test("an address leads to the accounts that have it at the moment", arguments: Front.everywhere)
  func address(front: Front) throws {
    let site = try PreparedSite(front)
    let people = try site.community()
    let stranger = try site.person("stranger", in: site.newApp())
    let contract = Contract(site: site.site)
    func call(
      _ route: String, _ values: [String: String], as person: Person?
    ) throws -> HTTPResponse {
      try contract.call("/api/\(route)", values, as: person?.user, in: people.app)
    }
    /// The accounts with an address, by the list and its headers.
    func found(_ address: String) throws -> [String] {
      let list = try call("administrator/accounts", ["contact-email": address], as: people.owner)
      let ids = try list.json.ids("accountid")
      #expect(list["X-Total-Count"] == "\(ids.count)" && list["Link"] == nil)
      let count = try call("administrator/accounts-count", ["contact-email": address], as: people.owner)
      #expect(count.text == "\(ids.count)")
      return ids
    }
    func id(_ person: Person) -> String { "\(person.session.accountid)" }
    // Each person has two profiles with the same address.
    let all = [people.another, people.user, people.administrator, people.owner].map(id)
    #expect(try found("ada@example.org") == all)
    #expect(try found("ADA@Example.ORG") == all)
    for other in ["ada@example.or", "ada@example.com", "ada", "@", "ada@example.org "] {
      #expect(try found(other) == [], "\(other)")
    }
    let new = ["contact-email": "Ada+Lovelace&co@example.org"]
    let values = people.user.values.merging(new) { $1 }
    let made = try call("user/create-profile", values, as: people.user).json.id("profileid")
    #expect(try found("ada+lovelace&CO@example.org") == [id(people.user)])
    let change = values.merging(["profileid": made, "contact-email": "changed@example.org"]) { $1 }
    #expect(try call("user/update-profile", change, as: people.user).status == 200)
    #expect(try found("ada+lovelace&co@example.org") == [])
    #expect(try found("changed@example.org") == [id(people.user)])
    #expect(try call("user/delete-profile", ["profileid": made], as: people.user).status == 200)
    #expect(try found("changed@example.org") == [])
    #expect(try found("ada@example.org") == all)
    let removal = try call("administrator/delete-account", people.another.account, as: people.owner)
    #expect(removal.status == 200)
    #expect(try found("ada@example.org") == Array(all.dropFirst()))
    for route in ["administrator/accounts", "administrator/accounts-count"] {
      #expect(try call(route, new, as: people.user).verdict == "403 Administrator required")
      #expect(try call(route, new, as: nil).verdict == "401 Sign in required")
      #expect(try call(route, new, as: stranger).verdict == "401 Sign in required")
    }
  }

  @Test(
    "the list of an address goes on from link to link, whatever characters it has",
    arguments: Front.everywhere)
  func links(front: Front) throws {
    let site = try PreparedSite(front)
    let people = try site.community()
    let headers = [("X-App", "\(people.app)")]
    let address = "a+b&c=%é?#\"<>;@example.org"
    var expected: [String] = []
    for person in [people.owner, people.user, people.another] {
      let values = people.user.values.merging(["contact-email": address]) { $1 }
      for _ in 0..<2 {
        _ = try site.dashboard.call(
          CreateProfile.self, app: people.app, query: person.account, posted: values, as: person.session)
      }
      expected.insert("\(person.session.accountid)", at: 0)
    }
    let query = Site.urlEncoded(
      ["contact-email": address.uppercased(), "limit": "1"].sorted { $0.key < $1.key })
    var target: String? = "/api/administrator/accounts?\(query)"
    var followed: [String] = []
    while let next = target, followed.count < 10 {
      let answer = try site.site.request("GET", next, as: people.owner.user, headers: headers)
      #expect(answer["X-Total-Count"] == "\(expected.count)")
      followed += try answer.json.ids("accountid")
      target = answer["Link"].map { String($0.dropFirst().prefix { $0 != ">" }) }
      // The list goes on where it was, although its element has left it.
      guard followed.count == 1 else { continue }
      for profile in try site.dashboard.call(
        Profiles.self, app: people.app, query: people.another.account, as: people.another.session)
      where profile.values[.contactEmail] == address {
        _ = try site.dashboard.call(
          DeleteProfile.self, app: people.app, query: ["profileid": "\(profile.profileid)"],
          as: people.another.session)
      }
      expected.removeFirst()
    }
    #expect(followed == [people.another, people.user, people.owner].map { "\($0.session.accountid)" })
    // An account without the address is no element of the list.
    let after = "/api/administrator/accounts?\(query)&after=\(people.administrator.session.accountid)"
    let refusal = try site.site.request("GET", after, as: people.owner.user, headers: headers)
    #expect(try refusal.verdict == "400 invalid-after")
  }
}
