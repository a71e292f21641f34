public import DashboardRecords
public import DashboardWireFormat

// The JSON objects of second factors, but for passkeys.

extension SecondFactors: JSONEncodable {
  public static var schema: JSONSchema { .object("secondFactors") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("accountid", accountid)
      object.kind("secondFactors")
      object.member("required", isRequired ? true : nil)
      object.member("totpSince", totpSince)
      object.member("passkeys", passkeys)
      object.member("recoveryCodesLeft", recoveryCodesLeft)
      object.member("recoveryCodes", recoveryCodes.isEmpty ? nil : recoveryCodes)
    }
  }
}

extension AuthenticatorSecret: JSONEncodable {
  public static var schema: JSONSchema { .object("totp") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("accountid", accountid)
      object.kind("totp")
      object.member("secret", secret)
      object.member("uri", uri)
      object.member("createdAt", createdAt)
    }
  }
}
