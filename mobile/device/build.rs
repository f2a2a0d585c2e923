const COMMANDS: &[&str] = &["model", "keep_awake", "haptic"];

fn main() {
    tauri_plugin::Builder::new(COMMANDS).build();
}
