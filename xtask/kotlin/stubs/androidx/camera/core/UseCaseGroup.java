// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import java.util.List;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

public final class UseCaseGroup {
    private UseCaseGroup() {}

    public @NonNull List<UseCase> getUseCases() {
        throw new UnsupportedOperationException();
    }

    public @Nullable ViewPort getViewPort() {
        throw new UnsupportedOperationException();
    }

    public static final class Builder {
        public Builder() {
            throw new UnsupportedOperationException();
        }

        public UseCaseGroup.@NonNull Builder addUseCase(@NonNull UseCase useCase) {
            throw new UnsupportedOperationException();
        }

        public @NonNull UseCaseGroup build() {
            throw new UnsupportedOperationException();
        }

        public UseCaseGroup.@NonNull Builder setViewPort(@NonNull ViewPort viewPort) {
            throw new UnsupportedOperationException();
        }
    }
}
