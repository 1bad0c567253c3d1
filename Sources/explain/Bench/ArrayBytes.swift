internal import DenseKernels

/// How many bytes the arrays of a compiled model hold: elements times their size, without what was
/// reserved for more, and the texts that are too long to stand in a string itself.
///
/// By reflection, so that whatever kind of model it is, nothing is left out.
struct ArrayBytes {
  private(set) var count = 0
  private var seen: Set<ObjectIdentifier> = []

  init(of value: Any) { add(value) }

  private mutating func add(_ value: Any) {
    if let text = value as? String {
      count += text.utf8.count > 15 ? text.utf8.count : 0
      return
    }
    if let layer = value as? DenseLayer {
      if seen.insert(ObjectIdentifier(layer)).inserted { count += layer.byteCount }
      return
    }
    if let array = value as? any ElementsOfOneSize { count += array.elementBytes }
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .class {
      guard seen.insert(ObjectIdentifier(value as AnyObject)).inserted else { return }
    }
    for child in mirror.children {
      // Of numbers, none holds more than the next one.
      if mirror.displayStyle == .collection, Self.isPlain(child.value) { break }
      add(child.value)
    }
    var upper = mirror.superclassMirror
    while let mirror = upper {
      for child in mirror.children { add(child.value) }
      upper = mirror.superclassMirror
    }
  }

  private static func isPlain(_ value: Any) -> Bool {
    value is any Numeric || value is Range<Int32> || value is Bool
  }
}

private protocol ElementsOfOneSize {
  var elementBytes: Int { get }
}

extension Array: ElementsOfOneSize {
  fileprivate var elementBytes: Int { count * MemoryLayout<Element>.stride }
}

extension ContiguousArray: ElementsOfOneSize {
  fileprivate var elementBytes: Int { count * MemoryLayout<Element>.stride }
}

extension Dictionary: ElementsOfOneSize {
  fileprivate var elementBytes: Int { count * MemoryLayout<Element>.stride }
}

extension Set: ElementsOfOneSize {
  fileprivate var elementBytes: Int { count * MemoryLayout<Element>.stride }
}
