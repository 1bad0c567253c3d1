internal import FileIO

/// The unread part of an input, in one buffer that moves along it.
///
/// Offsets given to callers count from the first unread byte, so that they stay right when the
/// window slides or grows.
final class ByteWindow {
  private let file: OpenFile?
  private var storage: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var start = 0
  private var end = 0
  /// Nothing more will come.
  private(set) var isAtEnd = false
  /// Called before a read that may wait for a pipe or terminal: what is finished can be handed on.
  var beforeWaiting: (() throws(FileError) -> Void)?

  init(reading file: consuming OpenFile, capacity: Int = 1 << 18) {
    self.file = consume file
    self.capacity = capacity
    storage = .allocate(capacity: capacity)
  }

  init(bytes: [UInt8]) {
    file = nil
    capacity = max(bytes.count, 1)
    storage = .allocate(capacity: capacity)
    bytes.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { storage.initialize(from: base, count: source.count) }
    }
    end = bytes.count
    isAtEnd = true
  }

  deinit { storage.deallocate() }

  /// Reads other bytes from here on, in place of what was left of the last ones.
  func replace(with bytes: UnsafeBufferPointer<UInt8>) {
    if bytes.count > capacity {
      storage.deallocate()
      capacity = bytes.count
      storage = .allocate(capacity: capacity)
    }
    if let base = bytes.baseAddress { storage.initialize(from: base, count: bytes.count) }
    (start, end, isAtEnd) = (0, bytes.count, true)
  }

  /// The unread bytes; valid until the next ``fill()``.
  var base: UnsafeMutablePointer<UInt8> { storage + start }
  var count: Int { end - start }

  func consume(_ count: Int) { start += count }

  enum Filled { case more, atEnd, stopped }

  /// Reads on, moving what is unread to the front and growing the buffer where it is full.
  func fill() throws(FileError) -> Filled {
    if isAtEnd { return .atEnd }
    if start > 0, capacity - end < capacity / 2 {
      ByteSearch.move(storage, from: storage + start, count: count)
      (start, end) = (0, count)
    }
    if end == capacity {
      let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity * 2)
      larger.initialize(from: storage, count: end)
      storage.deallocate()
      (storage, capacity) = (larger, capacity * 2)
    }
    let free = UnsafeMutableRawBufferPointer(start: storage + end, count: capacity - end)
    if let beforeWaiting, file?.hasInputNow() == false { try beforeWaiting() }
    guard let read = try file?.read(into: free) else { return .stopped }
    if read == 0 {
      isAtEnd = true
      return .atEnd
    }
    end += read
    return .more
  }
}

/// Bytes that decoding produces for one record: reused for each, grown as needed.
struct ScratchBytes: ~Copyable {
  private(set) var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int = 1024) {
    self.capacity = capacity
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  mutating func removeAll() { count = 0 }

  @inline(__always)
  mutating func append(_ byte: UInt8) {
    if count == capacity { grow(to: count + 1) }
    base[count] = byte
    count += 1
  }

  mutating func append(_ source: UnsafePointer<UInt8>, count added: Int) {
    if count + added > capacity { grow(to: count + added) }
    (base + count).update(from: source, count: added)
    count += added
  }

  private mutating func grow(to needed: Int) {
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: max(needed, capacity * 2))
    larger.initialize(from: base, count: count)
    base.deallocate()
    base = larger
    capacity = max(needed, capacity * 2)
  }
}
