import CDashboardUnicode

/// Properties of scalars from utf8proc, in the version of Unicode that the library knows. 0…0x10FFFF without surrogates.
typealias Scalar = UInt32

extension Scalar {
  static let space: Scalar = 0x20
  static let zeroWidthNonJoiner: Scalar = 0x200C
  static let zeroWidthJoiner: Scalar = 0x200D

  private var properties: utf8proc_property_t {
    unsafe utf8proc_get_property(Int32(bitPattern: self)).pointee
  }

  /// The general category (Unicode Standard, section 4.5).
  private var category: utf8proc_category_t {
    utf8proc_category_t(UInt32(truncatingIfNeeded: properties.category))
  }

  var isLetter: Bool {
    switch category {
    case UTF8PROC_CATEGORY_LU, UTF8PROC_CATEGORY_LL, UTF8PROC_CATEGORY_LT, UTF8PROC_CATEGORY_LM,
      UTF8PROC_CATEGORY_LO:
      true
    default: false
    }
  }

  var isMark: Bool {
    switch category {
    case UTF8PROC_CATEGORY_MN, UTF8PROC_CATEGORY_MC, UTF8PROC_CATEGORY_ME: true
    default: false
    }
  }

  var isControl: Bool { category == UTF8PROC_CATEGORY_CC }
  var isUnassigned: Bool { category == UTF8PROC_CATEGORY_CN }
  var isSpace: Bool { category == UTF8PROC_CATEGORY_ZS }

  /// True for scalars that people can't see or that mean different things to different programs: Cc, Cf, Cn, Co, Cs, Zl, Zp and
  /// Default_Ignorable_Code_Point.
  var isHidden: Bool {
    switch category {
    case UTF8PROC_CATEGORY_CC, UTF8PROC_CATEGORY_CF, UTF8PROC_CATEGORY_CN, UTF8PROC_CATEGORY_CO,
      UTF8PROC_CATEGORY_CS,
      UTF8PROC_CATEGORY_ZL, UTF8PROC_CATEGORY_ZP:
      true
    default: properties.ignorable != 0
    }
  }

  /// The canonical combining class: 0 for a starter.
  var combiningClass: Int16 { properties.combining_class }

  /// The property White_Space.
  var isWhiteSpace: Bool {
    switch self {
    case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }

  /// The simple lower-case mapping (UnicodeData.txt, field 13).
  var lowerCase: Scalar { Scalar(bitPattern: utf8proc_tolower(Int32(bitPattern: self))) }

  /// The mapping of a full-width or half-width form (UnicodeData.txt, field 5, `<wide>` and `<narrow>`).
  ///
  /// utf8proc maps on and on. The forms whose mapping has a mapping of its own are listed here.
  var withoutWidth: Scalar {
    switch self {
    case 0...0x2FFF: return self
    case 0xFFA0: return 0x3164
    case 0xFFA1...0xFFBE: return self - 0xFFA1 + 0x3131
    case 0xFFC2...0xFFC7: return self - 0xFFC2 + 0x314F
    case 0xFFCA...0xFFCF: return self - 0xFFCA + 0x3155
    case 0xFFD2...0xFFD7: return self - 0xFFD2 + 0x315B
    case 0xFFDA...0xFFDC: return self - 0xFFDA + 0x3161
    case 0xFFE3: return 0xAF
    default: break
    }
    let kind = utf8proc_decomp_type_t(UInt32(truncatingIfNeeded: properties.decomp_type))
    guard kind == UTF8PROC_DECOMP_TYPE_WIDE || kind == UTF8PROC_DECOMP_TYPE_NARROW else { return self }
    var mapping: Int32 = 0
    var state: Int32 = 0
    let options = utf8proc_option_t(UTF8PROC_DECOMPOSE.rawValue | UTF8PROC_COMPAT.rawValue)
    let count = unsafe utf8proc_decompose_char(Int32(bitPattern: self), &mapping, 1, options, &state)
    return count == 1 ? Scalar(bitPattern: mapping) : self
  }
}

/// Normalization Form C (Unicode Standard Annex #15).
///
/// utf8proc's own ordering of combining marks takes quadratic time for long runs of them, so only its mappings are used.
func composed(_ scalars: [Scalar]) -> [Scalar] {
  // A canonical decomposition has at most four scalars.
  var buffer = [Int32](repeating: 0, count: scalars.count * 4)
  var length = 0
  var state: Int32 = 0
  for scalar in scalars {
    let room = buffer.count - length
    let count = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return 0 }
      return unsafe utf8proc_decompose_char(
        Int32(bitPattern: scalar), start + length, room, UTF8PROC_DECOMPOSE, &state)
    }
    guard count > 0, count <= room else { return scalars }
    length += count
  }
  sortMarks(of: &buffer, length)
  let options = utf8proc_option_t(UTF8PROC_COMPOSE.rawValue | UTF8PROC_STABLE.rawValue)
  let count = unsafe utf8proc_normalize_utf32(&buffer, length, options)
  guard count >= 0, count <= length else { return scalars }
  return buffer[..<count].map { Scalar(bitPattern: $0) }
}

/// The canonical ordering (Unicode Standard, definition D109): each run of marks by combining class, stably.
private func sortMarks(of scalars: inout [Int32], _ length: Int) {
  func combiningClass(_ scalar: Int32) -> Int16 { Scalar(bitPattern: scalar).combiningClass }
  var start = 0
  while start < length {
    guard combiningClass(scalars[start]) != 0 else {
      start += 1
      continue
    }
    let end = scalars[start..<length].firstIndex { combiningClass($0) == 0 } ?? length
    if end - start > 1 {
      let run = scalars[start..<end].enumerated().map { (combiningClass($0.element), $0.offset, $0.element) }
      scalars.replaceSubrange(start..<end, with: run.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2))
    }
    start = end
  }
}
