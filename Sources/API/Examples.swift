/// Answers that declarations show: one account and one session, whatever the route.
enum Example {
  static let account = """
    {
      "accountid": "acct_ffdf6d417d78f305",
      "object": "account",
      "appid": "dashboard",
      "sessionKeyNumber": 1,
      "owner": true,
      "ownerSince": "2022-06-24T02:42:50.102Z",
      "administrator": true,
      "administratorSince": "2022-06-24T02:42:50.102Z",
      "createdAt": "2022-06-24T02:42:50.102Z",
      "updatedAt": "2022-06-24T02:42:50.102Z"
    }
    """

  static let session = session(ended: false)
  static let endedSession = session(ended: true)
  static let newSession = session(ended: false, isNew: true)

  private static func session(ended: Bool, isNew: Bool = false) -> String {
    let endedAt = ended ? "\n  \"endedAt\": \"2022-06-24T02:43:02.000Z\"," : ""
    let updatedAt = ended ? "2022-06-24T02:43:02.000Z" : "2022-06-24T02:42:56.947Z"
    let token =
      isNew ? ",\n  \"token\": \"bf31d6dba13a3e46c7c7441dc7112ae66bddca4ea57ca05c66392c1cc15c823d\"" : ""
    return """
      {
        "sessionid": "sess_d8bb0af894d459c5",
        "object": "session",
        "appid": "dashboard",
        "accountid": "acct_ffdf6d417d78f305",
        "duration": 1200,
        "csrfToken": "4c7fe3d593385d346a639e35202f650ec87bd76e4c37ed47049118d4d65b06994af06220d5e28bcc94487a4f4788b6ed4725bc8d45d9ea0cb93c34eb3531cc75",
        "expiresAt": "2022-06-24T03:02:56.947Z",
        "lastVerifiedAt": "2022-06-24T02:42:56.947Z",\(endedAt)
        "ended": \(ended),
        "createdAt": "2022-06-24T02:42:56.947Z",
        "updatedAt": "\(updatedAt)"\(token)
      }
      """
  }
}
