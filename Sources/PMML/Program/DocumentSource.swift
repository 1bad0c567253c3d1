internal import Crypto
internal import DataFields
internal import FileIO
internal import SourceDiagnostics

/// Gives a file's bytes piece by piece and takes their digest on the way.
final class FileSource {
  private let path: String
  private var file: OpenFile?
  private var hash = SHA256()
  /// Little enough that what is made of a piece is still near when it is read.
  private static let pieceSize = 16_384

  init(path: String) throws(DiagnosticsError) {
    self.path = path
    do throws(FileError) {
      file = try OpenFile(path: path, mode: .read)
    } catch {
      throw DiagnosticsError(error.diagnostic)
    }
  }

  func next() throws(DiagnosticsError) -> [UInt8] {
    guard file != nil else { return [] }
    var failure: FileError?
    let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, count in
      do throws(FileError) {
        guard let read = try file?.read(into: UnsafeMutableRawBufferPointer(buffer)) else {
          throw FileError(.read, path: path, reason: "a signal asked for a stop")
        }
        count = read
      } catch {
        failure = error
        count = 0
      }
    }
    if let failure { throw DiagnosticsError(failure.diagnostic) }
    hash.update(data: piece)
    return piece
  }

  func digest() -> DataFields.Digest { .sha256(hash.finalize()) }
}

/// Gives bytes in memory piece by piece.
final class BytesSource {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func next() throws(DiagnosticsError) -> [UInt8] {
    let end = min(place + 65_536, bytes.count)
    defer { place = end }
    return Array(bytes[place..<end])
  }

  func digest() -> DataFields.Digest { .sha256(SHA256.hash(data: bytes)) }
}

extension DataFields.Digest {
  fileprivate static func sha256(_ hash: SHA256.Digest) -> DataFields.Digest {
    guard let digest = DataFields.Digest(bytes: Array(hash)) else {
      preconditionFailure("SHA-256 has 32 bytes")
    }
    return digest
  }
}
