/// A declaration to import.
public enum StoreName { public static let text = "Store" }
