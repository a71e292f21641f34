// The library of a Swift program that calls the endpoints in its own process: docs/guide/library.md, docs/reference/library.md.

// Re-exports every module with public declarations, so that the program needs one import.
@_exported public import DashboardAccounts
@_exported public import DashboardCrypto
@_exported public import DashboardEndpoints
@_exported public import DashboardRecords
@_exported public import DashboardRouting
@_exported public import DashboardSettings
@_exported public import DashboardStore
@_exported public import DashboardWireFormat
