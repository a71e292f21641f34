package import DashboardCrypto

/// The hashes of session tokens.
extension Secrets {
  /// The hash of a session's token: SHA-512 of its text.
  package func tokenHash(accountid: AccountID, token: ArraySlice<UInt8>, sessionSalt: [UInt8]) -> [UInt8] {
    Hash.sha512(tokenText(accountid: accountid, token: token, sessionSalt: sessionSalt))
  }

  /// What is hashed of a session's token: `ACCOUNTID/TOKEN/SESSIONKEY/SESSION_KEY:KEY`.
  package func tokenText(accountid: AccountID, token: ArraySlice<UInt8>, sessionSalt: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    // With room for the hash that `ProvenTokens` appends.
    text.reserveCapacity(
      AccountID.length + token.count + sessionSalt.count + tokenEnding.count + 2 + Hash.sha512Length)
    text.append(addingCapacity: AccountID.length) { accountid.append(to: &$0) }
    text.append(UInt8(ascii: "/"))
    text.append(contentsOf: token)
    text.append(UInt8(ascii: "/"))
    text.append(contentsOf: sessionSalt)
    // Of the array itself many threads would count references at once.
    unsafe tokenEnding.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
    return text
  }
}
