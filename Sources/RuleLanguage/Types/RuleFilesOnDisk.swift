import FileIO
public import SourceDiagnostics

/// Rule files, and what they name, on this machine's disk.
public struct RuleFilesOnDisk: RuleFileSource {
  /// Models and their backgrounds may be large; rule files have a limit of their own.
  private static let maximumSize = 1 << 30

  public init() {}

  public func bytes(at path: String) throws(DiagnosticsError) -> [UInt8] {
    do throws(FileError) {
      return try WholeFile.read(path, limit: Self.maximumSize)
    } catch {
      throw DiagnosticsError(error.diagnostic)
    }
  }
}
