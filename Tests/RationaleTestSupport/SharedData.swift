import Foundation

/// Data that lies beside the project and is not part of it.
///
/// Tests that use it are enabled only where it is; where it is not they say so and are skipped.
package enum SharedData {
  /// The folder: `RATIONALE_SHARED`, else `../shared` beside the package; nil if there is none.
  package static let folder: String? = {
    let beside = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("shared").path
    let folder = ProcessInfo.processInfo.environment["RATIONALE_SHARED"] ?? beside
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue
    else {
      print("SKIPPED: no shared data at \(folder); set RATIONALE_SHARED to run these tests")
      return nil
    }
    return folder
  }()

  package static var isPresent: Bool { folder != nil }

  /// The path of a file in the folder.
  package static func path(_ relative: String) -> String { (folder ?? "") + "/" + relative }
}
