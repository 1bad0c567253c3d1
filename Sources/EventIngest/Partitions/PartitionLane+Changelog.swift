internal import DataFields
package import DecisionTrace
internal import StreamFeatures

// A changelog lets a partition's state follow it to another member: a topic that keeps, for each subject,
// the last message about it, and for the empty key where the lane stands. A subject's message also says
// how far each feed was dealt with when it was written, so that a flush that a crash cuts short restores
// every subject as it was, some further than others, and no event counts twice.

extension PartitionLane {
  /// A message of the changelog: of a subject, or, where `key` is empty, of the lane's head.
  package struct Change: Sendable, Hashable {
    package var key: [UInt8]
    package var value: [UInt8]
  }

  /// Where the lane stands now. Its log is signed up to here before.
  package var head: LaneHead {
    let checkpoint = store.checkpoint
    return LaneHead(
      fingerprint: store.fingerprint, origin: checkpoint?.origin ?? "",
      note: checkpoint?.note ?? [],
      feeds: feeds.enumerated().map { index, feed in
        LaneHead.Feed(source: feed.source, topic: feed.topic, next: nextOffset(of: index))
      })
  }

  /// Whether a head is of these rules and topics: the state of others means something else.
  package func fits(_ head: LaneHead) -> Bool {
    head.fingerprint == store.fingerprint
      && head.feeds.map { Feed(source: $0.source, topic: $0.topic) } == feeds
  }

  /// Notes everything that is known for the changelog, which has none of it.
  package func noteAllChanged() {
    let lane = store.lane
    for place in 0..<lane.state.subjectCount where !lane.state.isEmpty(place) {
      lane.changes?.note(place)
    }
  }

  /// The log's name.
  package var origin: String { store.checkpoint?.origin ?? "" }

  /// What changed since the last time, the head last.
  ///
  /// - Complexity: O(subjects that changed).
  package func takeChanges() -> [Change] {
    let lane = store.lane
    guard let places = lane.changes?.places else { return [] }
    var changes = places.map { place in
      var offsets = ByteEncoder()
      offsets.count(feeds.count)
      for index in feeds.indices {
        offsets.count(max(nextOffset(of: index), ahead[place]?[index] ?? 0))
      }
      return Change(
        key: lane.subjectText(place),
        value: Array(store.fingerprint.bytes.prefix(Self.markSize)) + offsets.bytes
          + lane.subjectBytes(place))
    }
    lane.changes?.removeAll()
    changes.append(Change(key: [], value: head.bytes))
    return changes
  }

  private static var markSize: Int { 8 }

  /// Goes on where another member's lane stood.
  func adopt(_ head: LaneHead) {
    var positions: [InputPosition] = []
    for (index, feed) in feeds.enumerated() {
      let known = head.feeds.first { $0.source == feed.source && $0.topic == feed.topic }
      let last = (known?.next ?? 0) - 1
      setOffset(last, of: index)
      if last >= 0 {
        positions.append(
          InputPosition(
            source: feed.source, identity: streams[index].origin.identity, record: last))
      }
    }
    store.adopt(positions)
  }

  /// Takes over what another member's lane remembered of a subject.
  ///
  /// - Returns: false for a message that was written with other rules, which is passed over.
  /// - Throws: a message that is none of a changelog.
  package func restore(key: [UInt8], value: [UInt8]) throws(TraceFault) -> Bool {
    var input = ByteDecoder(value)
    let mark = try input.raw(Self.markSize)
    guard mark.elementsEqual(store.fingerprint.bytes.prefix(Self.markSize)) else { return false }
    guard try input.number() == feeds.count else { return false }
    var next: [Int] = []
    for _ in feeds { next.append(try input.number()) }
    let place: Int
    do throws(SnapshotFault) {
      place = try store.lane.setSubject(key, bytes: value[input.offset...])
    } catch {
      throw TraceFault(offset: input.offset, reason: error.reason)
    }
    setAhead(place, next)
    return true
  }

  private func setAhead(_ place: Int, _ next: [Int]) {
    guard feeds.indices.contains(where: { next[$0] > nextOffset(of: $0) }) else {
      ahead[place] = nil
      return
    }
    ahead[place] = next
    for index in feeds.indices { aheadEnd[index] = max(aheadEnd[index], next[index]) }
    if store.lane.isApplied != nil { return }
    store.lane.isApplied = { [weak self] place in
      guard let self, let current = self.current, let next = self.ahead[place] else {
        return false
      }
      return current.offset < next[current.feed]
    }
  }

  /// Takes over from the saved state which subjects are ahead.
  func restoreAhead() {
    for subject in store.ahead where subject.next.count == feeds.count {
      setAhead(subject.place, subject.next)
    }
  }

  /// Tells the store which subjects are ahead, for the state that is saved next.
  func noteAhead() {
    store.ahead = ahead.map { .init(place: $0.key, next: $0.value) }.sorted { $0.place < $1.place }
  }

  /// Forgets which subjects were ahead once the lane is as far as all of them.
  func forgetReached() {
    if feeds.indices.contains(where: { aheadEnd[$0] > nextOffset(of: $0) }) { return }
    ahead = [:]
    store.lane.isApplied = nil
  }
}

extension PartitionLane {
  /// Forgets what another member's lane remembered of a subject that was erased since.
  package func forget(key: [UInt8]) { _ = store.lane.erase(String(decoding: key, as: UTF8.self)) }
}
