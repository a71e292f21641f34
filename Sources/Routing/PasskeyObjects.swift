public import DashboardRecords
public import DashboardWireFormat

// The JSON objects of passkeys. The member `publicKey` is for the functions `parseCreationOptionsFromJSON` and
// `parseRequestOptionsFromJSON` of a browser (WebAuthn Level 3, sections 5.1.8 and 5.1.9).

extension Passkey: JSONEncodable {
  public static var schema: JSONSchema { .object("passkey") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("passkeyid", passkeyid)
      object.kind("passkey")
      object.member("appid", appid)
      object.member("accountid", accountid)
      object.member("name", name)
      object.member("backedUp", isBackedUp)
      object.member("transports", transports)
      object.member("domain", relyingPartyID)
      object.member("createdAt", createdAt)
      object.member("lastUsedAt", lastUsedAt)
    }
  }
}

extension PasskeyCreation: JSONEncodable {
  public static var schema: JSONSchema { .object("passkeyCreation") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.kind("passkeyCreation")
      object.member(
        "publicKey",
        ForeignObject { options in
          options.member(
            "rp",
            ForeignObject { rp in
              rp.member("id", domain)
              rp.member("name", siteName)
            })
          options.member(
            "user",
            ForeignObject { user in
              user.member("id", Base64URL.text(userHandle))
              user.member("name", userName)
              user.member("displayName", userName)
            })
          options.member("challenge", Base64URL.text(challenge))
          options.member(
            "pubKeyCredParams",
            Self.algorithms.map { algorithm in
              ForeignObject { parameter in
                parameter.member("type", Self.type)
                parameter.member("alg", algorithm)
              }
            })
          options.member("timeout", Self.timeout)
          options.member("excludeCredentials", existing)
          options.member(
            "authenticatorSelection",
            ForeignObject { selection in
              selection.member("residentKey", "preferred")
              selection.member("userVerification", "preferred")
            })
          options.member("attestation", "none")
        })
    }
  }

  /// ES256, EdDSA and RS256 (COSE algorithms, RFC 9053 and RFC 8812), the best first.
  private static let algorithms = [-7, -8, -257]
  fileprivate static let type = "public-key"
  /// In milliseconds, as long as a challenge counts.
  fileprivate static let timeout = 300_000
}

extension PasskeyRequest: JSONEncodable {
  public static var schema: JSONSchema { .object("passkeyRequest") }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.kind("passkeyRequest")
      object.member(
        "publicKey",
        ForeignObject { options in
          options.member("challenge", Base64URL.text(challenge))
          options.member("timeout", PasskeyCreation.timeout)
          options.member("rpId", domain)
          options.member("allowCredentials", allowed)
          options.member("userVerification", requiresUserVerification ? "required" : "preferred")
        })
    }
  }
}

extension PasskeyDescriptor: JSONEncodable {
  public static var schema: JSONSchema { .foreign }

  public func encode(into writer: inout JSONWriter) {
    writer.object { object in
      object.member("type", PasskeyCreation.type)
      object.member("id", Base64URL.text(credentialID))
      object.member("transports", transports.isEmpty ? nil : transports)
    }
  }
}

/// An object that another specification describes.
private struct ForeignObject: JSONEncodable {
  static var schema: JSONSchema { .foreign }
  private let members: (inout JSONWriter) -> Void

  init(_ members: @escaping (inout JSONWriter) -> Void) { self.members = members }

  func encode(into writer: inout JSONWriter) { writer.object(members) }
}
