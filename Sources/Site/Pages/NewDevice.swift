import DashboardAccounts
import DashboardHTML
import DashboardRecords
import DashboardRouting
import DashboardWireFormat

extension Page {
  /// Shows the sign-ins of new devices, and takes note of them.
  static let newDevice: Page = Page(
    "new-device", .session, .newDeviceTitle,
    form: PageForm(
      noting, submit: .newDeviceSubmit,
      fields: { view in [Field("eventid", .hidden) { try? $0.newDevices().first.map { "\($0.eventid)" } }] },
      isOpen: { view in (try? view.newDevices().isEmpty) == false }
    ) { view in
      guard let id = view.posted("eventid").flatMap({ EventID($0) }) else { throw EventError.unknown }
      try NewDevices.takeNote(view.call.caller, view.call.context, upTo: id)
      return .go(Page.account.path, .deviceNoted)
    }.asking { view in
      let call = view.call
      return try view.newDevices().allSatisfy { NewDevices.mayTakeNote(call.caller, call.context, of: $0) }
    }
  ) { view in
    let devices = try view.newDevices()
    guard !devices.isEmpty else { return view.paragraph(.newDeviceNone) }
    return [view.actions(try devices.map { try view.line($0) }), view.paragraph(.newDeviceLead)]
  } alternatives: { view in
    [Page.changePassword, .activity].map { view.link($0.path, $0.title) }
  }

  /// What the form sends. The API has no such route.
  private static let noting = Declaration(
    .patch, Wing.account.path("new-device"), "Takes note of new devices.", access: .session,
    parameters: [.required(.posted, "eventid", "the newest event that was seen")],
    exceptions: [
      Exception("invalid-eventid", 404, "unknown posted eventid", field: "eventid")
        .answering(EventError.unknown),
      Exception.unverifiedSession.answering(VerificationError.sessionNotFresh),
    ])
}

extension View {
  /// The sign-ins of new devices that the account's holder has not taken note of, newest first.
  func newDevices() throws -> [AccountEvent] { try NewDevices.unnoticed(call.context, of: account) }

  /// Tells of new devices, until the account's holder takes note.
  func newDeviceNotice() throws -> HTML {
    try newDevices().isEmpty
      ? []
      : .tag(
        "p", ["class": "alert", "role": "status"], words(.newDeviceNotice), " ",
        link(Page.newDevice.path, .newDeviceTitle))
  }
}
