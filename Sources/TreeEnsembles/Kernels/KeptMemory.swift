/// Arrays as plain memory, so that kernels find them by pointers and no one counts references.
///
/// Unchecked, since it holds pointers: whoever makes it fills it before anyone else has it; from then on
/// it is only read, and freed with the last reference.
final class KeptMemory: @unchecked Sendable {
  private var blocks: [UnsafeMutableRawPointer] = []
  private(set) var byteCount = 0

  /// Copies an array to a border of cache lines; one that is empty has room for an item.
  func keep<Item>(_ items: [Item]) -> UnsafePointer<Item> {
    let bytes = max(items.count, 1) * MemoryLayout<Item>.stride
    let copy = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    blocks.append(copy)
    byteCount += bytes
    let first = copy.bindMemory(to: Item.self, capacity: max(items.count, 1))
    items.withUnsafeBufferPointer {
      if let source = $0.baseAddress { first.initialize(from: source, count: items.count) }
    }
    return UnsafePointer(first)
  }

  deinit {
    for block in blocks { block.deallocate() }
  }
}
