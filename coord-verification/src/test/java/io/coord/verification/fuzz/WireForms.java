package io.coord.verification.fuzz;

import io.coord.protocol.OpCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The records of one direction. An input's first byte chooses one, by its opcode where it has one, so that kept inputs stay. */
final class WireForms {
    private static final int CHOICE = 0x7f;

    private final List<WireForm<?>> all = new ArrayList<>();
    private final Map<Integer, WireForm<?>> byChoice = new HashMap<>();

    WireForms(Function<OpCode, WireForm<?>> ofOperation, WireForm<?>... others) {
        for (OpCode op : OpCode.values()) {
            WireForm<?> form = ofOperation.apply(op);
            all.add(form);
            byChoice.put(op.code() & CHOICE, form);
        }
        all.addAll(List.of(others));
        for (int i = 0; i < others.length; i++) {
            byChoice.put(30 + i, others[i]);
        }
    }

    /** The rest of the input is a frame; the first byte's highest bit puts it outside the heap. */
    void check(byte[] input) {
        if (input.length > 0) {
            int choice = input[0] & CHOICE;
            WireForm<?> form = byChoice.get(choice);
            (form == null ? all.get(choice % all.size()) : form).check(input, 1, input[0] < 0);
        }
    }
}
