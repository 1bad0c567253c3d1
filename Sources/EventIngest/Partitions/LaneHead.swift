internal import DataFields
package import DecisionTrace

/// How far a lane is, for whoever goes on from it: the last message of each changelog's flush.
///
/// A version · SHA-256 of the rulesets · the log's name · the note of its last checkpoint · the number of
/// feeds, of each its source, its topic and the offset of its next message. Numbers and texts are as in a
/// trace's body.
package struct LaneHead: Sendable, Hashable {
  package struct Feed: Sendable, Hashable {
    package var source: String
    package var topic: String
    package var next: Int
  }

  var fingerprint: Digest
  package var origin: String
  package var note: [UInt8]
  package var feeds: [Feed]

  private static let version: UInt8 = 1

  init(fingerprint: Digest, origin: String, note: [UInt8], feeds: [Feed]) {
    self.fingerprint = fingerprint
    self.origin = origin
    self.note = note
    self.feeds = feeds
  }

  package var bytes: [UInt8] {
    var out = ByteEncoder()
    out.byte(Self.version)
    out.raw(fingerprint.bytes)
    out.text(origin)
    out.count(note.count)
    out.raw(note)
    out.count(feeds.count)
    for feed in feeds {
      out.text(feed.source)
      out.text(feed.topic)
      out.count(feed.next)
    }
    return out.bytes
  }

  package init(_ bytes: [UInt8]) throws(TraceFault) {
    var input = ByteDecoder(bytes)
    guard try input.byte() == Self.version else {
      throw input.fault("a lane's head of a version that is not known")
    }
    fingerprint = try input.digest()
    origin = try input.text()
    note = Array(try input.raw(try input.number()))
    feeds = try input.list { (input) throws(TraceFault) in
      Feed(source: try input.text(), topic: try input.text(), next: try input.number())
    }
    guard input.isAtEnd else { throw input.fault("bytes follow its end") }
  }
}
