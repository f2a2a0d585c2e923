//! The portal's gate as a program of its own, so that a portal inside a test can start it as the real one starts itself.

fn main() -> std::io::Result<()> {
    portal::gate::run()
}
