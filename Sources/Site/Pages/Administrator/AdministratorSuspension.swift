import DashboardAccounts
import DashboardEndpoints
import DashboardRouting

extension Administration {
  static let suspendAccount = change(
    "suspend-account", .suspend, Administrator.SetAccountSuspended.self, .suspendTitle,
    submit: .suspendSubmit,
    isDangerous: true, fields: { _ in [Field("reason")] }, then: .suspended,
    lead: { view in
      let isLeaving = (try? view.namedAccount())?.deletedAt != nil
      return [view.paragraph(.suspendLead), isLeaving ? view.paragraph(.suspendDeletionLead) : []]
    },
    isDone: { exception, _ in exception.answers(SuspensionError.already) })

  static let resumeAccount = change(
    "resume-account", .resume, Administrator.ResetAccountSuspended.self, .resumeTitle, submit: .resumeSubmit,
    then: .resumed, lead: { $0.paragraph(.resumeLead) },
    isDone: { exception, _ in exception.answers(SuspensionError.notSuspended) })
}
