#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Directories, and whole files by name.
package enum Directory {
  /// Creates a directory and those above it, unless they exist.
  package static func create(_ path: String) throws(FileError) {
    if mkdir(path, 0o777) == 0 { return }
    let code = errno
    if code == EEXIST {
      if try status(path)?.isDirectory == true { return }
      throw .system(.create, path, ENOTDIR)
    }
    let parent = FilePath.parent(path)
    guard code == ENOENT, parent != path, parent != "." else { throw .system(.create, path, code) }
    try create(parent)
    if mkdir(path, 0o777) != 0, errno != EEXIST { throw .system(.create, path) }
  }

  /// The names in a directory, sorted by their bytes; empty if there is no such directory.
  package static func names(in path: String) throws(FileError) -> [String] {
    guard let stream = opendir(path) else {
      if errno == ENOENT { return [] }
      throw .system(.list, path)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Makes all that was written before durable: one call where many files were written. The system
  /// flushes its other files too; on Linux the call returns when they are on the disk.
  package static func syncAll(for path: String) throws(FileError) {
    try SimulatedFaults.check(.sync, path)
    systemSync()
  }

  /// Makes new and renamed entries of a directory durable.
  package static func sync(_ path: String) throws(FileError) {
    try SimulatedFaults.check(.sync, path)
    let opened = retrying { open(path, O_RDONLY | O_CLOEXEC) }
    guard opened >= 0 else { throw .system(.open, path) }
    defer { close(opened) }
    if retrying({ fsync(opened) }) < 0, errno != EINVAL, errno != EROFS {
      throw .system(.sync, path)
    }
  }

  /// What is at a path, or nil if nothing is.
  package static func status(_ path: String) throws(FileError) -> FileStatus? {
    var record = stat()
    if stat(path, &record) == 0 { return FileStatus(record) }
    if errno == ENOENT || errno == ENOTDIR { return nil }
    throw .system(.inspect, path)
  }

  /// Renames a file over another in one step.
  package static func rename(_ path: String, to target: String) throws(FileError) {
    try SimulatedFaults.check(.rename, path)
    if systemRename(path, target) != 0 { throw .system(.rename, path) }
  }

  /// Removes a file; there being none is no failure.
  package static func remove(_ path: String) throws(FileError) {
    try SimulatedFaults.check(.remove, path)
    if unlink(path) != 0, errno != ENOENT { throw .system(.remove, path) }
  }

  /// Removes a directory without files; there being none, or files in it, is no failure.
  package static func removeEmpty(_ path: String) throws(FileError) {
    try SimulatedFaults.check(.remove, path)
    if rmdir(path) != 0, errno != ENOENT, errno != ENOTEMPTY, errno != EEXIST {
      throw .system(.remove, path)
    }
  }
}

private func systemSync() { sync() }
private func systemRename(_ path: String, _ target: String) -> Int32 { rename(path, target) }

/// Whole files.
package enum WholeFile {
  /// All bytes of a file (`-` is standard input); a file larger than `limit` is refused.
  package static func read(_ path: String, limit: Int = 1 << 31) throws(FileError) -> [UInt8] {
    let file = try OpenFile(path: path, mode: .read)
    let expected = try file.status().size
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(max(expected, 0), limit) + 1)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let count = try file.readUnstopped(into: chunk)
      if count == 0 { break }
      if bytes.count + count > limit {
        throw FileError(.read, path: path, reason: "it is larger than \(limit) bytes")
      }
      bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: chunk[..<count]))
    }
    return bytes
  }

  /// Replaces a file in one step and flushes nothing: readers see the old or the new one, whole;
  /// after a crash it may be gone. Directories above it are made.
  package static func place(_ path: String, _ bytes: [UInt8]) throws(FileError) {
    let scratch = path + ".tmp"
    do throws(FileError) {
      try put(bytes, at: scratch)
    } catch {
      guard error.isNoSuchFile else { throw error }
      try Directory.create(FilePath.parent(path))
      try put(bytes, at: scratch)
    }
    try Directory.rename(scratch, to: path)
  }

  private static func put(_ bytes: [UInt8], at path: String) throws(FileError) {
    var file = try OpenFile(path: path, mode: .replace)
    try file.write(bytes)
    try file.close()
  }

  /// Replaces a file so that a crash leaves the old or the new one, whole: the bytes go to a file
  /// beside it, are flushed to disk, and take its name.
  package static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
    let scratch = path + ".tmp"
    var file = try OpenFile(path: scratch, mode: .replace)
    try file.write(bytes)
    try file.syncData()
    try file.close()
    try Directory.rename(scratch, to: path)
    try Directory.sync(FilePath.parent(path))
  }
}

extension WholeFile {
  /// Replaces what is in a person's own file, as ``replace(_:with:)`` does: its permissions stay,
  /// and a symbolic link stays one, to the new content. Nothing else in the folder is touched.
  package static func rewrite(_ path: String, with bytes: [UInt8]) throws(FileError) {
    guard let resolved = realpath(path, nil) else { throw .system(.open, path) }
    defer { free(resolved) }
    let target = String(cString: resolved)
    var record = stat()
    guard stat(target, &record) == 0 else { throw .system(.inspect, path) }
    guard access(target, W_OK) == 0 else { throw .system(.write, path) }
    let scratch =
      FilePath.join(FilePath.parent(target), ".\(FilePath.lastComponent(target)).\(getpid())")
    var file = try OpenFile(path: scratch, mode: .createNew)
    do throws(FileError) {
      try file.write(bytes)
      guard chmod(scratch, record.st_mode & 0o7777) == 0 else { throw .system(.write, path) }
      try file.syncData()
      try file.close()
      try Directory.rename(scratch, to: target)
    } catch {
      try? Directory.remove(scratch)
      throw error
    }
    try Directory.sync(FilePath.parent(target))
  }
}

/// Paths as text, with `/` between their parts.
package enum FilePath {
  /// The directory that holds the path: `.` for a bare name.
  package static func parent(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.utf8.startIndex ? "/" : String(path[..<slash])
  }

  /// The part after the last `/`.
  package static func lastComponent(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }

  /// `name` as seen from `directory`; an absolute `name` stays as it is.
  package static func join(_ directory: String, _ name: String) -> String {
    if name.hasPrefix("/") || directory == "." || directory.isEmpty { return name }
    return directory.hasSuffix("/") ? directory + name : directory + "/" + name
  }
}
