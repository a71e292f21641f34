import DashboardAccounts
import DashboardEndpoints
import DashboardHTML
import DashboardRecords

extension Administration {
  static let invitations = list(
    "invitations", .invitationsTitle, Administrator.Invitations.self, lead: .invitationsLead,
    creating: createInvitation
  ) { view, invitation in
    let note = invitation.note.isEmpty ? .text("\(invitation.invitationid)") : view.typed(invitation.note)
    return view.element(
      Administration.invitation, invitationField, invitation.invitationid,
      view.line(note, view.listed([try view.state(of: invitation), view.time(invitation.expiresAt)])))
  }

  private static let invitationField = "invitationid"

  static let invitation: Page = Page("invitation", .administrator, .invitationTitle) { view in
    let invitation = try view.call(Administrator.ReadInvitation.self)
    return [
      try view.descriptions(of: invitation),
      view.actions([
        view.link(
          deleteInvitation, invitationField, invitation.invitationid, view.words(.deleteInvitationTitle),
          back: view.back), view.link(view.back ?? invitations.path, .back),
      ]),
    ]
  }

  /// Makes an invitation, and shows its link once.
  static let createInvitation: Page = Page(
    "create-invitation", .administrator, .createInvitationTitle, lead: .createInvitationLead,
    form: PageForm(
      Administrator.CreateInvitation.self, submit: .createInvitationSubmit,
      Field("uses", .number) { _ in "1" }, Field("days", .number) { _ in "\(InvitationRules.usualDays)" },
      Field("groups", .username), Field("note"), .code
    ) { invitation, view in
      let isShown = view.isShown(invitation.createdAt)
      let code = invitation.code ?? ""
      return .show(
        title: .madeInvitationTitle,
        [
          view.paragraph(isShown ? .madeInvitationLead : .madeInvitationAlready),
          isShown ? view.secret(view.visit.url + "\(Page.register.path)?invitation=\(code)") : [],
          try view.descriptions(of: invitation),
          view.actions([view.link(invitations.path, .invitationsTitle)]),
        ])
    })

  static let deleteInvitation: Page = Page(
    "delete-invitation", .administrator, .deleteInvitationTitle, lead: .deleteInvitationLead,
    form: PageForm(
      Administrator.DeleteInvitation.declaration, submit: .deleteInvitationSubmit, isDangerous: true
    ) { view in
      try view.call(Administrator.DeleteInvitation.self) { exception, _ in exception.status == 404 }
      return .go(view.back ?? invitations.path, .invitationDeleted)
    }
  ) { view in try view.descriptions(of: view.call(Administrator.ReadInvitation.self)) }
}

extension View {
  /// How often an invitation was used, and whether it still works.
  fileprivate func state(of invitation: Invitation) throws -> HTML {
    let uses = words(
      .usesOf, ["used": language.number(invitation.used), "uses": language.number(invitation.uses)])
    let counts = try InvitationRules.counts(invitation, call.context)
    return listed([uses, counts ? nil : words(.invitationOver)])
  }

  fileprivate func descriptions(of invitation: Invitation) throws -> HTML {
    descriptions(
      [
        invitation.note.isEmpty ? nil : (.invitationNote, typed(invitation.note)),
        (.invitationUses, try state(of: invitation)), (.endsAt, time(invitation.expiresAt)),
        invitation.groups.isEmpty ? nil : (.groupsTitle, listed(invitation.groups.map(typed))),
        (.invitationMaker, try link(to: owner(invitation))), (.resetCodeMade, time(invitation.createdAt)),
      ].compactMap { $0 })
  }
}
