/// Plain values one after another, in memory that grows and is used again.
///
/// What an array would check at each of millions of small steps, that nobody else holds it, is known
/// here: the one owner is ``SAXEvents``, which gives nothing of it away and frees it at its end.
struct GrowingBuffer<Element: BitwiseCopyable> {
  private var base: UnsafeMutablePointer<Element>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(1, capacity)
    base = .allocate(capacity: self.capacity)
  }

  func free() { base.deallocate() }

  @inline(__always)
  subscript(place: Int) -> Element {
    precondition(place >= 0 && place < count)
    return base[place]
  }

  mutating func removeAll() { count = 0 }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow(by: 1) }
    base[count] = element
    count += 1
  }

  @inline(__always)
  mutating func append(_ elements: UnsafeBufferPointer<Element>) {
    guard let source = elements.baseAddress else { return }
    if elements.count > capacity - count { grow(by: elements.count) }
    (base + count).update(from: source, count: elements.count)
    count += elements.count
  }

  /// The elements from one place to another, until something is appended.
  @inline(__always)
  func elements(_ places: XMLPlaces) -> UnsafeBufferPointer<Element> {
    precondition(places.start >= 0 && places.start <= places.end && Int(places.end) <= count)
    return UnsafeBufferPointer(
      start: base + Int(places.start), count: Int(places.end - places.start))
  }

  @inline(never)
  private mutating func grow(by more: Int) {
    let larger = max(2 * capacity, count + more)
    let room = UnsafeMutablePointer<Element>.allocate(capacity: larger)
    room.update(from: base, count: count)
    base.deallocate()
    base = room
    capacity = larger
  }
}
