/// A declaration to import.
public enum CryptoName { public static let text = "Crypto" }
