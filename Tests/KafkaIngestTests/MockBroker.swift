internal import FileIO
internal import KafkaIngest
internal import RationaleTestSupport

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A broker of librdkafka's mock cluster, in a process of its own that ends with this object.
final class MockBroker {
  let bootstrap: String
  private let child: pid_t
  private let input: Int32
  private let output: Int32

  /// - Parameter topics: `NAME:PARTITIONS` each.
  init(_ topics: [String]) throws {
    let program = try FilePath.parent(CommandLineRun.programPath()) + "/MockKafkaBroker"
    var toChild: [Int32] = [-1, -1]
    var fromChild: [Int32] = [-1, -1]
    guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else {
      throw FileError(.create, path: "pipe", reason: "no pipe is to be had")
    }
    // Other children must not hold them open.
    for end in toChild + fromChild { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
    posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
    let words = ([program, "1"] + topics).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child = pid_t()
    let failure = posix_spawn(&child, program, &actions, nil, words, environ)
    guard failure == 0 else {
      throw FileError(.open, path: program, reason: String(cString: strerror(failure)))
    }
    close(toChild[0])
    close(fromChild[1])
    self.child = child
    input = toChild[1]
    output = fromChild[0]
    let line = Self.line(output)
    guard line.hasPrefix("BOOTSTRAP ") else {
      throw FileError(.read, path: program, reason: "it said `\(line)`")
    }
    bootstrap = String(line.dropFirst(10))
  }

  deinit {
    close(input)
    close(output)
    kill(child, SIGKILL)
    var status: Int32 = 0
    waitpid(child, &status, 0)
  }

  var settings: ClientSettings {
    ClientSettings().setting("bootstrap.servers", to: bootstrap)
  }

  /// Gives a command, and waits until it is carried out.
  func tell(_ command: String) {
    let bytes = Array((command + "\n").utf8)
    _ = write(input, bytes, bytes.count)
    _ = Self.line(output)
  }

  private static func line(_ descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) == 1, byte != 0x0A { bytes.append(byte) }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Topics

  /// Writes messages with their keys, in order.
  func produce(_ messages: [(key: String, value: String)], to topic: String) throws {
    let producer = try TopicProducer(settings)
    let number = try producer.topic(topic)
    for message in messages {
      var key = message.key
      var value = message.value
      try key.withUTF8 { key in
        try value.withUTF8 { value in
          try producer.send(
            to: number, key: UnsafeRawBufferPointer(key), value: UnsafeRawBufferPointer(value))
        }
      }
    }
    try producer.flush()
  }

  struct Message: Sendable {
    var partition: Int32
    var key: String
    var value: String
    var headers: [String: String]
  }

  /// Everything that a topic holds.
  func consume(_ topic: String, partitions: Int32) throws -> [Message] {
    var messages: [Message] = []
    for partition in 0..<partitions {
      let reader = try PartitionReader(settings, TopicPartition(topic: topic, number: partition))
      try reader.read { message in
        messages.append(
          Message(
            partition: partition, key: String(decoding: message.key, as: UTF8.self),
            value: message.value.map { String(decoding: $0, as: UTF8.self) } ?? "",
            headers: Dictionary(
              message.headers.map { ($0.name, String(decoding: $0.value, as: UTF8.self)) },
              uniquingKeysWith: { first, _ in first })))
      }
    }
    return messages
  }
}
