/// A declaration to import.
public enum AccountsName { public static let text = "Accounts" }
