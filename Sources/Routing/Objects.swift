public import Accounts
public import WireFormat

// The objects that leave the server: their fields in their order. Secrets have no line here.

extension Account: JSONEncodable {
  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("accountid", accountid)
      object.member("object", "account")
      object.member("appid", appid)
      object.member("profileid", profileid)
      object.member("sessionKeyNumber", sessionKeyNumber)
      object.member("sessionKeyLastResetAt", sessionKeyLastResetAt)
      object.member("deletedAt", deletedAt)
      object.member("lastSignedInAt", lastSignedInAt)
      object.member("resetCodeLastCreatedAt", resetCodeLastCreatedAt)
      object.member("resetCodeLastUsedAt", resetCodeLastUsedAt)
      object.member("owner", isOwner ? true : nil)
      object.member("ownerSince", ownerSince)
      object.member("administrator", isAdministrator ? true : nil)
      object.member("administratorSince", administratorSince)
      object.member("usernameLastChangedAt", usernameLastChangedAt)
      object.member("passwordLastChangedAt", passwordLastChangedAt)
      object.member("createdAt", createdAt)
      object.member("updatedAt", updatedAt)
    }
  }
}

extension Session: JSONEncodable {
  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("sessionid", sessionid)
      object.member("object", "session")
      object.member("appid", appid)
      object.member("accountid", accountid)
      object.member("duration", duration)
      object.member("csrfToken", Hexadecimal.text(csrfToken))
      object.member("expiresAt", expiresAt)
      object.member("lastVerifiedAt", lastVerifiedAt)
      object.member("endedAt", endedAt)
      object.member("ended", ended)
      object.member("createdAt", createdAt)
      object.member("updatedAt", updatedAt)
      object.member("token", token)
    }
  }
}

extension Exception: JSONEncodable {
  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("object", "error")
      object.member("message", code)
      object.member("field", field)
      object.member("detail", detail)
    }
  }
}

extension Identifier: JSONEncodable {
  public func encode(into writer: inout JSONWriter) { description.encode(into: &writer) }
}

extension AppName: JSONEncodable {
  public func encode(into writer: inout JSONWriter) { description.encode(into: &writer) }
}

extension Timestamp: JSONEncodable {
  public func encode(into writer: inout JSONWriter) { description.encode(into: &writer) }
}
