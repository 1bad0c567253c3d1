/// Numbers by the addresses of names: libxml2 keeps each name once per parser, so that its address
/// stands for it.
struct NameNumbers {
  private struct Entry: BitwiseCopyable {
    var address: UInt = 0
    var number: Int32 = 0
  }

  private var entries: [Entry]
  private var count = 0

  init() { entries = Array(repeating: Entry(), count: 256) }

  @inline(__always)
  func number(of name: UnsafePointer<UInt8>) -> Int32? {
    let entries = entries.span
    let place = Self.place(of: UInt(bitPattern: name), entries)
    return entries[place].address == 0 ? nil : entries[place].number
  }

  mutating func set(_ number: Int32, of name: UnsafePointer<UInt8>) {
    insert(Entry(address: UInt(bitPattern: name), number: number))
    count += 1
    guard count > entries.count / 2 else { return }
    let known = entries.filter { $0.address != 0 }
    entries = Array(repeating: Entry(), count: 2 * entries.count)
    for entry in known { insert(entry) }
  }

  private mutating func insert(_ entry: Entry) {
    entries[Self.place(of: entry.address, entries.span)] = entry
  }

  /// Where an address is, or would be.
  @inline(__always)
  private static func place(of address: UInt, _ entries: Span<Entry>) -> Int {
    let mask = entries.count - 1
    var place = Int(truncatingIfNeeded: (address &* 0x9E37_79B9_7F4A_7C15) >> 40) & mask
    while entries[place].address != 0, entries[place].address != address {
      place = (place + 1) & mask
    }
    return place
  }
}
