package import DashboardCrypto

/// The hashes of session tokens.
extension Secrets {
  /// The hash of a session's token: SHA-512 of `tokenText`, 64 bytes.
  package func tokenHash(accountid: AccountID, token: ArraySlice<UInt8>, sessionSalt: [UInt8]) -> [UInt8] {
    Hash.sha512(tokenText(accountid: accountid, token: token, sessionSalt: sessionSalt))
  }

  /// The text that is hashed for a session's token: `ACCOUNTID/TOKEN/SALT/SESSION_KEY:KEY`.
  package func tokenText(accountid: AccountID, token: ArraySlice<UInt8>, sessionSalt: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    // With room for the hash that `VerifiedTokenCache` appends.
    text.reserveCapacity(
      AccountID.length + token.count + sessionSalt.count + tokenEnding.count + 2 + Hash.sha512Length)
    text.append(addingCapacity: AccountID.length) { accountid.append(to: &$0) }
    text.append(UInt8(ascii: "/"))
    text.append(contentsOf: token)
    text.append(UInt8(ascii: "/"))
    text.append(contentsOf: sessionSalt)
    // Appending the array itself would make all event threads change its reference count at once.
    unsafe tokenEnding.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
    return text
  }
}
