import TestSupport
import Testing

/// A day of sign-ins by people of many languages, with what their devices type.
@Suite("a day of sign-ins in many languages")
struct SpeakerTests {
  @Test("people sign in with their names and passwords as devices type them", arguments: Front.allCases)
  func day(front: Front) throws {
    let town = try SpeakerTown(front)
    let speakers = Speaker.all
    // The first account owns the app, and stays.
    _ = try town.create("owner", "password of owner")
    let accounts = try speakers.map { try town.create($0.name, $0.password) }
    for (speaker, account) in zip(speakers, accounts) {
      try #require(account.hasPrefix("200 acct_"), "\(speaker.language): \(account)")
    }
    let faults = try Threads.run(speakers.count) { index in
      var day = DayOfSpeaker(town: town, speaker: speakers[index], account: accounts[index])
      try day.signIn()
      try day.meetLookAlikes()
      try day.change()
      try day.rename()
      try day.recover()
      return day.faults
    }
    for (speaker, faults) in zip(speakers, faults) { #expect(faults == [], "\(speaker.language)") }

    // Each look-alike is free for another person, who never meets the first one.
    var newcomers = 0
    for (speaker, account) in zip(speakers, accounts) {
      for name in speaker.others {
        let newcomer = try town.create(name, "password of another")
        #expect(newcomer.hasPrefix("200 acct_") && newcomer != account, "\(name)")
        #expect(try town.signIn(name, "password of another") == newcomer, "\(name)")
        newcomers += 1
      }
      #expect(try town.signIn(speaker.name, speaker.typed) == account, "\(speaker.name)")
      #expect(try town.signIn(speaker.name, "password of another") == "401 invalid-password")
    }
    let owner = try #require(try town.session("owner", "password of owner"))
    let count = try town.site.request("GET", "/api/administrator/accounts-count", as: owner)
    #expect(count.text == "\(1 + speakers.count + newcomers)")
  }

  @Test(
    "of many sign-ups at once, each in a spelling of its own, one gets the name", arguments: Front.allCases)
  func race(front: Front) throws {
    let town = try SpeakerTown(front)
    let speaker = Speaker.all[0]
    let names = [speaker.name] + speaker.spellings
    let outcomes = try Threads.run(names.count * 2) { try town.create(names[$0 / 2], speaker.password) }
    let winners = outcomes.filter { $0.hasPrefix("200 acct_") }
    #expect(winners.count == 1)
    #expect(outcomes.filter { $0 == "409 duplicate-username" }.count == outcomes.count - 1)
    let found = try names.map { try town.signIn($0, speaker.typed) }
    #expect(Set(found) == Set(winners))
  }

  @Test(
    "an account from before signs in while others sign up with its prepared form, and no name is shared",
    arguments: Front.allCases)
  func raceForFormerName(front: Front) throws {
    let data = try TemporaryDirectory()
    let old = try SpeakerTown(front, ["USERNAMES": "exact"], data: data).create("Ada", "password of Ada")
    let town = try SpeakerTown(front, data: data)
    let outcomes = try Threads.run(8) { index in
      try index % 2 == 0 ? town.signIn("Ada", "password of Ada") : town.create("ada", "password of ada")
    }
    let signedIn = stride(from: 0, to: 8, by: 2).map { outcomes[$0] }
    #expect(signedIn.allSatisfy { $0 == old })
    let new = outcomes.filter { $0.hasPrefix("200") && $0 != old }
    #expect(new.count <= 1)
    #expect(try town.signIn("Ada", "password of Ada") == old)
    let small = try town.signIn("ADA", new.isEmpty ? "password of Ada" : "password of ada")
    #expect(small == new.first ?? old)
  }
}
