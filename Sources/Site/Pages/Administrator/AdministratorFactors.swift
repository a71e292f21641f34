import DashboardAccounts
import DashboardEndpoints

extension Administration {
  static let removeFactors = change(
    "remove-second-factors", .removeFactors, Administrator.DeleteSecondFactors.self, .removeFactorsTitle,
    submit: .removeFactorsSubmit, isDangerous: true, then: .factorsRemoved,
    lead: { $0.paragraph(.removeFactorsLead) },
    isDone: { exception, _ in exception.answers(FactorError.notEnrolled) })
}
