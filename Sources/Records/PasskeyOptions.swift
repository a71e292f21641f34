/// What a browser needs to make a passkey (PublicKeyCredentialCreationOptions, WebAuthn section 5.4).
public struct PasskeyCreation: Sendable {
  public let challenge: [UInt8]
  /// The relying party identifier.
  public let domain: String
  public let siteName: String
  /// 32 bytes.
  public let userHandle: [UInt8]
  /// For the browser's list of passkeys; empty if the site knows none, so that the client fills it in.
  public let userName: String
  /// The account's passkeys, so that no authenticator makes a second one.
  public let existing: [PasskeyDescriptor]

  package init(
    challenge: [UInt8], domain: String, siteName: String, userHandle: [UInt8], userName: String,
    existing: [PasskeyDescriptor]
  ) {
    (self.challenge, self.domain, self.siteName) = (challenge, domain, siteName)
    (self.userHandle, self.userName, self.existing) = (userHandle, userName, existing)
  }
}

/// What a browser needs to use a passkey (PublicKeyCredentialRequestOptions, WebAuthn section 5.5).
public struct PasskeyRequest: Sendable {
  public let challenge: [UInt8]
  /// The relying party identifier.
  public let domain: String
  /// The passkeys that may answer; empty if the browser offers the passkeys that it knows.
  public let allowed: [PasskeyDescriptor]
  /// True if the authenticator must verify its holder, as by a PIN.
  public let requiresUserVerification: Bool

  package init(
    challenge: [UInt8], domain: String, allowed: [PasskeyDescriptor], requiresUserVerification: Bool
  ) {
    (self.challenge, self.domain) = (challenge, domain)
    (self.allowed, self.requiresUserVerification) = (allowed, requiresUserVerification)
  }
}

/// A passkey as a browser finds it (PublicKeyCredentialDescriptor, WebAuthn section 5.8.3).
public struct PasskeyDescriptor: Sendable {
  public let credentialID: [UInt8]
  public let transports: [String]

  package init(_ passkey: Passkey) {
    (credentialID, transports) = (passkey.credentialID, passkey.transports)
  }

  package init(credentialID: [UInt8], transports: [String]) {
    (self.credentialID, self.transports) = (credentialID, transports)
  }
}
