import Foundation
import RationaleTestSupport

extension ProjectFiles {
  /// The lines of a text file.
  static func lines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}
