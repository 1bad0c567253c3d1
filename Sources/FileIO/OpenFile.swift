#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file descriptor with one owner, closed when its owner goes.
///
/// This file and `Directory.swift` are the only ones that call the system for input and output.
/// Every call is retried when a signal interrupts it, and every failure is a ``FileError``.
package struct OpenFile: ~Copyable, Sendable {
  package let path: String
  private var descriptor: Int32
  private let owned: Bool
  private var isLocked = false

  private init(path: String, descriptor: Int32, owned: Bool) {
    self.path = path
    self.descriptor = descriptor
    self.owned = owned
  }

  deinit {
    unlock()
    if owned, descriptor >= 0 { _ = systemClose(descriptor) }
  }

  /// How a file is opened.
  package enum Mode: Sendable {
    /// An existing file, from its start. The path `-` is standard input.
    case read
    /// A file created if absent, read and written at any place.
    case update
    /// A file created if absent, written at its end.
    case append
    /// A file created or emptied. The path `-` is standard output.
    case replace
    /// A file that must not exist yet.
    case createNew
    /// A file that must not exist yet and that only its owner may read, for secrets.
    case createPrivate
  }

  package init(path: String, mode: Mode) throws(FileError) {
    let standard = path == "-" && (mode == .read || mode == .replace)
    self.path = path
    self.owned = !standard
    self.descriptor =
      standard ? (mode == .read ? 0 : 1) : try Self.descriptor(path: path, mode: mode)
  }

  private static func descriptor(path: String, mode: Mode) throws(FileError) -> Int32 {
    let flags: Int32 =
      switch mode {
      case .read: O_RDONLY
      case .update: O_RDWR | O_CREAT
      case .append: O_WRONLY | O_CREAT | O_APPEND
      case .replace: O_WRONLY | O_CREAT | O_TRUNC
      case .createNew, .createPrivate: O_WRONLY | O_CREAT | O_EXCL
      }
    if path.utf8.contains(0) || path.isEmpty {
      throw FileError(.open, path: path, reason: "it is not a path")
    }
    // A directory opens for reading and fails only at the first read; say so at once.
    if mode == .read, try Directory.status(path)?.isDirectory == true {
      throw .system(.open, path, EISDIR)
    }
    if mode != .read { try SimulatedFaults.check(.create, path) }
    let opened = retrying { open(path, flags | O_CLOEXEC, mode == .createPrivate ? 0o600 : 0o666) }
    guard opened >= 0 else { throw .system(mode == .read ? .open : .create, path) }
    return opened
  }

  /// Standard error, for notices.
  package static var standardError: OpenFile {
    OpenFile(path: "stderr", descriptor: 2, owned: false)
  }

  /// What the system says about the file now.
  package func status() throws(FileError) -> FileStatus {
    var record = stat()
    guard fstat(descriptor, &record) == 0 else { throw .system(.inspect, path) }
    return FileStatus(record)
  }

  /// Reads up to the buffer's size; 0 is the end of the file, nil is a stop that
  /// ``Interruption`` asked for while waiting for a pipe or terminal.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int? {
    while true {
      if Interruption.isRequested { return nil }
      if Interruption.isInstalled, !waitForInput() { return nil }
      let count = Self.readOnce(descriptor, buffer)
      if count >= 0 { return count }
      if errno != EINTR { throw .system(.read, path) }
    }
  }

  /// As ``read(into:)``, to the end of what is needed whole: a stop that was asked for cuts nothing
  /// short.
  package func readUnstopped(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileError) -> Int {
    while true {
      let count = Self.readOnce(descriptor, buffer)
      if count >= 0 { return count }
      if errno != EINTR { throw .system(.read, path) }
    }
  }

  /// Whether a read would return at once.
  package func hasInputNow() -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&waiting, 1, 0) != 0
  }

  /// Waits until input or a stop; false is a stop. Reading straight away would miss a signal
  /// that came between the look at the flag and the call.
  private func waitForInput() -> Bool {
    var waiting = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: Interruption.wakeDescriptor, events: Int16(POLLIN), revents: 0),
    ]
    _ = poll(&waiting, 2, -1)
    return waiting[1].revents == 0 && !Interruption.isRequested
  }

  /// Reads at `offset` without moving; fewer bytes than asked for means the end of the file.
  package func read(
    at offset: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(FileError) -> Int {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = retrying { pread(descriptor, rest.baseAddress, rest.count, off_t(offset + done)) }
      if count < 0 { throw .system(.read, path) }
      if count == 0 { break }
      done += count
    }
    return done
  }

  /// Up to `count` bytes from an offset; fewer at the end of the file.
  package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    if count <= 0 { return [] }
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(FileError) {
        initialized = try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Writes all bytes at the file's place (its end, in append mode).
  package func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var done = 0
    if let short = try SimulatedFaults.checkWrite(path, count: bytes.count) {
      let part = UnsafeRawBufferPointer(rebasing: bytes[..<short])
      _ = Self.writeOnce(descriptor, part)
      throw .system(.write, path, ENOSPC)
    }
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = retrying { Self.writeOnce(descriptor, rest) }
      if count < 0 { throw .system(.write, path) }
      done += count
    }
  }

  /// Writes all bytes at `offset` without moving; not for files opened to append.
  package func write(_ bytes: [UInt8], at offset: Int) throws(FileError) {
    let half = try SimulatedFaults.checkWrite(path, count: bytes.count)
    var failure: FileError?
    bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < half ?? bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[done..<(half ?? bytes.count)])
        let place = off_t(offset + done)
        let count = retrying { pwrite(descriptor, rest.baseAddress, rest.count, place) }
        if count < 0 {
          failure = .system(.write, path)
          return
        }
        done += count
      }
    }
    if let failure { throw failure }
    if half != nil { throw .system(.write, path, ENOSPC) }
  }

  package func write(_ bytes: [UInt8]) throws(FileError) {
    var failure: FileError?
    bytes.withUnsafeBytes { buffer in
      do throws(FileError) { try write(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Returns once data and what is needed to find it are on the disk.
  package func syncData() throws(FileError) {
    try SimulatedFaults.check(.sync, path)
    #if canImport(Darwin)
      let status = fcntl(descriptor, F_FULLFSYNC)
    #else
      let status = retrying { fdatasync(descriptor) }
    #endif
    // Pipes and devices cannot be synchronised and need not be.
    if status < 0, errno != EINVAL, errno != EROFS { throw .system(.sync, path) }
  }

  /// Cuts or extends the file to `size` bytes.
  package func truncate(to size: Int) throws(FileError) {
    try SimulatedFaults.check(.truncate, path)
    if retrying({ ftruncate(descriptor, off_t(size)) }) < 0 { throw .system(.truncate, path) }
  }

  /// Moves the place of the next write to the end of the file and returns it.
  package func seekToEnd() throws(FileError) -> Int {
    let place = lseek(descriptor, 0, SEEK_END)
    if place < 0 { throw .system(.inspect, path) }
    return Int(place)
  }

  /// Takes the file's exclusive lock; false if another process holds it. It lasts until the file
  /// is closed, also when the process is killed.
  package mutating func tryLock() throws(FileError) -> Bool {
    isLocked = retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0
    if isLocked { return true }
    if errno == EWOULDBLOCK { return false }
    throw .system(.lock, path)
  }

  /// A process that is being started shares the file, and would hold its lock for a moment more.
  private func unlock() {
    if isLocked, descriptor >= 0 { _ = retrying { flock(descriptor, LOCK_UN) } }
  }

  /// True for a terminal.
  package var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Closes the file; a delayed write error is thrown here.
  package mutating func close() throws(FileError) {
    guard owned, descriptor >= 0 else { return }
    unlock()
    let closing = descriptor
    descriptor = -1
    if systemClose(closing) < 0, errno != EINTR { throw .system(.write, path) }
  }

  private static func readOnce(_ file: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    systemRead(file, buffer.baseAddress, buffer.count)
  }
  private static func writeOnce(_ file: Int32, _ buffer: UnsafeRawBufferPointer) -> Int {
    systemWrite(file, buffer.baseAddress, buffer.count)
  }
}

// The system's names, where a method of the same name would hide them.
private func systemClose(_ file: Int32) -> Int32 { close(file) }
private func systemRead(_ file: Int32, _ base: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(file, base, count)
}
private func systemWrite(_ file: Int32, _ base: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, base, count)
}

/// Calls again while a signal interrupts.
func retrying<Value: SignedInteger>(_ call: () -> Value) -> Value {
  while true {
    let value = call()
    if value >= 0 || errno != EINTR { return value }
  }
}

/// What the system knows about a file.
package struct FileStatus: Sendable, Hashable {
  package let size: Int
  package let isDirectory: Bool
  /// False for pipes, terminals and devices, which cannot be read twice.
  package let isRegular: Bool
  /// Device and inode: the same file under any name.
  package let device: UInt64
  package let inode: UInt64
  /// Who may do what: `0o600` is for its owner only.
  package let permissions: UInt32

  init(_ record: stat) {
    size = Int(record.st_size)
    isDirectory = record.st_mode & S_IFMT == S_IFDIR
    isRegular = record.st_mode & S_IFMT == S_IFREG
    device = UInt64(truncatingIfNeeded: record.st_dev)
    inode = UInt64(truncatingIfNeeded: record.st_ino)
    permissions = UInt32(truncatingIfNeeded: record.st_mode) & 0o7777
  }
}

extension FileError {
  /// The failure that `errno` holds, in words.
  static func system(_ operation: Operation, _ path: String, _ code: Int32 = errno) -> FileError {
    let reason =
      switch code {
      case ENOENT: "no such file"
      case EACCES, EPERM: "permission denied"
      case EISDIR: "it is a directory"
      case ENOTDIR: "a part of the path is not a directory"
      case EEXIST: "it exists already"
      case ENOSPC: "no space left on the device"
      case EDQUOT: "the disk quota is used up"
      case EFBIG: "the file would be too large"
      case EROFS: "the file system is read-only"
      case EMFILE, ENFILE: "too many open files"
      case EPIPE: "the reader of the pipe has gone"
      case EIO: "input/output error"
      default: String(cString: strerror(code))
      }
    return FileError(operation, path: path, systemCode: code, reason: reason)
  }

  /// True when the other end of a pipe was closed.
  package var isBrokenPipe: Bool { systemCode == EPIPE }
  package var isNoSuchFile: Bool { systemCode == ENOENT }
  package var isPermissionDenied: Bool { systemCode == EACCES }
}
