/// Of the web view; what else the native part can do, Rust alone asks for.
const COMMANDS: &[&str] = &["model", "keep_awake", "haptic", "insets", "appearance"];

fn main() {
    tauri_plugin::Builder::new(COMMANDS).android_path("android").build();
}
