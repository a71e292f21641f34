import DashboardCrypto
import DashboardWebAuthn
import TestSupport

/// The time of checking a right second factor, without what the store adds.
enum SecondFactors {
  static func run(_ effort: Effort) throws {
    print("\nThe time of one check, µs; the median of the rounds\n")
    print("| second factor | µs | goal | |\n|---|---|---|---|")
    let secret = [UInt8](repeating: 7, count: 20)
    let code = OneTimePassword.code(secret: secret, step: OneTimePassword.step(at: 1_700_000_000))
    try row("code of an authenticator app", effort, .atMost(50)) {
      OneTimePassword.matchingStep(code: code, secret: secret, time: 1_700_000_000, lastStep: nil) != nil
    }
    for algorithm in SigningKey.Algorithm.allCases {
      let authenticator = SoftAuthenticator(algorithm)
      let (data, client) = (authenticator.authenticatorData, authenticator.clientData)
      let response = Assertion.Response(
        clientDataJSON: client, authenticatorData: data,
        signature: authenticator.signature(over: client, data))
      let ceremony = Ceremony(
        challenge: authenticator.challenge, origins: [authenticator.origin],
        relyingPartyID: authenticator.relyingPartyID, requiresUserVerification: true)
      let credential = Assertion.Credential(
        publicKey: authenticator.publicKey, signatureCounter: 1, isBackupEligible: false,
        relyingPartyID: authenticator.relyingPartyID)
      try row("passkey, \(algorithm)", effort, .atMost(1000)) {
        try Assertion.verify(response, ceremony, of: credential).isUserVerified
      }
    }
  }

  private static func row(
    _ name: String, _ effort: Effort, _ goal: Goal, _ isRight: () throws -> Bool
  ) throws {
    guard try isRight() else { throw TestFailure("\(name) is refused") }
    let times = try (0..<effort.rounds(15)).map { _ in try Measurement.time(200) { _ = try isRight() } }
    print("| \(name) | \(decimal(times.median)) | \(goal.cells(times.median)) |")
  }
}
