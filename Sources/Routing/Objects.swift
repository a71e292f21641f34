public import DashboardAccounts
public import DashboardRecords
public import DashboardWireFormat

// The JSON objects of the API, with their fields in order. Fields that hold secrets are left out.

extension Account: JSONEncodable {
  public static var schema: JSONSchema { .object("account") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("accountid", accountid)
      object.kind("account")
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
      if object.isDescribed || membership != nil {
        object.member("username", username)
        object.member("groups", groups.isEmpty ? nil : groups)
        object.member("suspendedAt", suspendedAt)
        // A suspended account has no session, so only administrators read this.
        object.member("suspensionReason", suspensionReason)
        object.member("passwordSet", passwordSet ? nil : false)
        object.member("secondFactor", hasSecondFactor ? true : nil)
      }
      object.member("createdAt", createdAt)
      object.member("updatedAt", updatedAt)
      object.member("secretCode", secretCode)
    }
  }
}

extension Session: JSONEncodable {
  public static var schema: JSONSchema { .object("session") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("sessionid", sessionid)
      object.kind("session")
      object.member("appid", appid)
      object.member("accountid", accountid)
      object.member("duration", duration)
      object.member("csrfToken", csrfToken.isEmpty ? nil : HexadecimalText(bytes: csrfToken))
      object.member("expiresAt", expiresAt)
      object.member("lastVerifiedAt", lastVerifiedAt)
      object.member("endedAt", endedAt)
      object.member("ended", ended)
      object.member("createdAt", createdAt)
      object.member("updatedAt", updatedAt)
      if object.isDescribed || shownDetails != nil {
        object.member("address", address)
        object.member("userAgent", userAgent)
        object.member("lastUsedAt", lastUsedAt)
      }
      object.member("current", isCurrent ? true : nil)
      object.member("token", token)
    }
  }
}

extension Event: JSONEncodable {
  package static var schema: JSONSchema { .object("event") }

  package func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("time", time)
      object.member("event", name.rawValue)
      object.member("app", app)
      object.member("account", account)
      object.member("by", by)
      object.member("client", client)
      object.member("request", request)
    }
  }
}

extension Profile: JSONEncodable {
  public static var schema: JSONSchema { .object("profile") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("profileid", profileid)
      object.kind("profile")
      object.member("appid", appid)
      object.member("accountid", accountid)
      object.member("companyName", values[.companyName])
      object.member("fullName", values[.fullName])
      object.member("contactEmail", values[.contactEmail])
      object.member("displayEmail", values[.displayEmail])
      object.member("displayName", values[.displayName])
      object.member("phone", values[.phone])
      object.member("occupation", values[.occupation])
      object.member("location", values[.location])
      object.member("dob", values[.dob])
      object.member("website", values[.website])
      object.member("createdAt", createdAt)
      object.member("updatedAt", updatedAt)
    }
  }
}

extension ResetCode: JSONEncodable {
  public static var schema: JSONSchema { .object("resetCode") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("codeid", codeid)
      object.kind("resetCode")
      object.member("appid", appid)
      object.member("accountid", accountid)
      object.member("createdAt", createdAt)
      object.member("updatedAt", updatedAt)
    }
  }
}

extension Invitation: JSONEncodable {
  public static var schema: JSONSchema { .object("invitation") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("invitationid", invitationid)
      object.kind("invitation")
      object.member("appid", appid)
      object.member("accountid", accountid)
      object.member("uses", uses)
      object.member("used", used)
      object.member("expiresAt", expiresAt)
      object.member("groups", groups)
      object.member("note", note.isEmpty ? nil : note)
      object.member("createdAt", createdAt)
      object.member("updatedAt", updatedAt)
      object.member("code", code)
    }
  }
}

extension AccountEvent: JSONEncodable {
  public static var schema: JSONSchema { .object("event") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("eventid", eventid)
      object.kind("event")
      object.member("appid", appid)
      object.member("accountid", accountid)
      object.member("name", name)
      object.member("createdAt", createdAt)
      object.member("address", address)
      object.member("userAgent", userAgent)
      object.member("lastAt", lastAt)
      object.member("authenticatedBy", authenticatedBy)
      object.member("count", meaning == .failure || count > 1 ? count : nil)
      object.member("by", by)
      object.member("newDevice", isNewDevice ? true : nil)
    }
  }
}

extension Takeout: JSONEncodable {
  public static var schema: JSONSchema { .object("export") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.kind("export")
      object.member("appid", account.appid)
      object.member("createdAt", createdAt)
      object.member("account", account)
      object.member("profiles", profiles)
      object.member("sessions", sessions)
      object.member("resetCodes", resetCodes)
      object.member("invitations", invitations)
      object.member("passkeys", passkeys)
      object.member("events", events)
    }
  }
}

extension Group: JSONEncodable {
  public static var schema: JSONSchema { .object("group") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.kind("group")
      object.member("appid", appid)
      object.member("name", name)
      object.member("count", count)
    }
  }
}

extension Metric: JSONEncodable {
  public static var schema: JSONSchema { .object("metric") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.kind("metric")
      object.member("appid", appid)
      object.member("metricid", metricid)
      object.member("name", name.rawValue)
      object.member("dateKey", period)
      object.member("value", value)
    }
  }
}

extension Identifier: JSONEncodable where Kind: IdentifierKind {
  public static var schema: JSONSchema { .string(pattern: "^\(Kind.prefix)[0-9a-f]{16}$") }

  public func encode(into writer: inout JSONWriter) {
    writer.string(capacity: Self.length) { append(to: &$0) }
  }
}

/// Bytes as lower-case hexadecimal digits.
private struct HexadecimalText: JSONEncodable {
  static var schema: JSONSchema { .string() }

  let bytes: [UInt8]

  func encode(into writer: inout JSONWriter) {
    writer.string(capacity: bytes.count * 2) { Hexadecimal.append(bytes, to: &$0) }
  }
}

extension AppName: JSONEncodable {
  public static var schema: JSONSchema { .string(pattern: "^[A-Za-z0-9_-]{1,64}$") }

  public func encode(into writer: inout JSONWriter) { description.encode(into: &writer) }
}

extension Timestamp: JSONEncodable {
  public static var schema: JSONSchema { .string(format: "date-time") }

  public func encode(into writer: inout JSONWriter) {
    writer.string(capacity: Self.length) { append(to: &$0) }
  }
}
