internal import DataFields

/// A value that outlives its row; the code of a text need not.
enum KeptValue: Sendable, Hashable {
  case missing
  case number(Double)
  case text(String)

  init(_ value: Double, _ type: ModelDataType, _ texts: TextInterner) {
    if value.isNaN {
      self = .missing
    } else {
      self = type == .string ? .text(texts.text(Int32(value))) : .number(value)
    }
  }

  /// The value as slots hold it.
  func value(_ texts: inout TextInterner) -> Double {
    switch self {
    case .missing: .nan
    case .number(let number): number
    case .text(let text): Double(texts.intern(text))
    }
  }

  var number: Double? {
    if case .number(let number) = self { return number }
    return nil
  }
}

/// A slot, and how to keep what it holds.
struct KeptField: Sendable {
  var slot: Int
  var dataType: ModelDataType

  func value(_ slots: [Double], _ texts: TextInterner) -> KeptValue {
    KeptValue(slots[slot], dataType, texts)
  }
}
