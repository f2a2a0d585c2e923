// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import org.jspecify.annotations.NonNull;

public abstract class MeteringPointFactory {
    public final @NonNull MeteringPoint createPoint(float value, float value1) {
        throw new UnsupportedOperationException();
    }

    public final @NonNull MeteringPoint createPoint(float value, float value1, float value2) {
        throw new UnsupportedOperationException();
    }

    public static float getDefaultPointSize() {
        throw new UnsupportedOperationException();
    }
}
