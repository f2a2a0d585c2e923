// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import org.jspecify.annotations.NonNull;

public class SurfaceOrientedMeteringPointFactory extends MeteringPointFactory {
    public SurfaceOrientedMeteringPointFactory(float value, float value1) {
        throw new UnsupportedOperationException();
    }

    public SurfaceOrientedMeteringPointFactory(float value, float value1, @NonNull UseCase useCase) {
        throw new UnsupportedOperationException();
    }
}
