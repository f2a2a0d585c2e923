package lu.folio.camera;

import java.nio.ByteBuffer;

/**
 * Nanoseconds a frame, in turns: into Rust and back; the entry with a detector that costs nothing; one copy of the frame; the entry
 * with the real detector. A round is a line.
 */
final class Bench {
    private static final int ROUNDS = 200, WARM = 30, MANY = 500, COPIES = 4;

    public static void main(String[] arguments) {
        System.load(arguments[0]);
        Picture picture = new Picture();
        ByteBuffer[] planes = {picture.y, picture.v};
        ByteBuffer[] copies = {
            ByteBuffer.allocateDirect(picture.y.capacity()), ByteBuffer.allocateDirect(picture.v.capacity())};
        for (int round = -WARM; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int at = 0; at < MANY; at++) Probe.nothing();
            double nothing = since(start) / MANY;

            long session = Probe.begin(Probe.CONSTANT);
            start = System.nanoTime();
            for (int at = 0; at < MANY; at++) picture.analyze(session);
            double entry = since(start) / MANY;

            start = System.nanoTime();
            for (int at = 0; at < COPIES; at++) {
                for (int plane = 0; plane < 2; plane++) {
                    copies[plane].put(0, planes[plane], 0, planes[plane].capacity());
                }
            }
            double copy = since(start) / COPIES;

            session = Probe.begin(Probe.EYE);
            picture.analyze(session);
            start = System.nanoTime();
            picture.analyze(session);
            double eye = since(start);
            if (round >= 0) System.out.printf(java.util.Locale.ROOT, "[%.1f, %.1f, %.1f, %.1f]%n", nothing, entry, copy, eye);
        }
    }

    private static double since(long start) {
        return System.nanoTime() - start;
    }
}
