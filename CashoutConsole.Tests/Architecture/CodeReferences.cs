using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace CashoutConsole.Tests.Architecture;

/// <summary>
/// Which type of an assembly names which other type of it, read from the compiled code: base types, interfaces, fields, signatures,
/// attributes, generic arguments, and every token in every method body. What the compiler nests (lambdas, state machines) counts as
/// its outermost type.
/// </summary>
public sealed class CodeReferences
{
    private readonly MetadataReader _metadata;
    private readonly PEReader _file;
    private readonly Dictionary<(string From, string To), string> _edges = [];
    private readonly TypeNames _names;

    private CodeReferences(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
        _names = new TypeNames(this);
    }

    /// <summary>Pairs of full type names with one place where the reference stands.</summary>
    public static IReadOnlyDictionary<(string From, string To), string> Of(string assemblyFile)
    {
        using var file = new PEReader(File.OpenRead(assemblyFile));
        var references = new CodeReferences(file);
        references.ReadAll();
        return references._edges;
    }

    private void ReadAll()
    {
        foreach (var handle in _metadata.TypeDefinitions)
        {
            var type = _metadata.GetTypeDefinition(handle);
            var from = OutermostName(handle);
            Add(from, type.BaseType, "base type");
            foreach (var implemented in type.GetInterfaceImplementations())
            {
                Add(from, _metadata.GetInterfaceImplementation(implemented).Interface, "interface");
            }
            foreach (var field in type.GetFields())
            {
                var definition = _metadata.GetFieldDefinition(field);
                AddAll(from, definition.DecodeSignature(_names, null), "field " + _metadata.GetString(definition.Name));
                AddAttributes(from, definition.GetCustomAttributes());
            }
            foreach (var parameter in type.GetGenericParameters())
            {
                foreach (var constraint in _metadata.GetGenericParameter(parameter).GetConstraints())
                {
                    Add(from, _metadata.GetGenericParameterConstraint(constraint).Type, "constraint");
                }
            }
            AddAttributes(from, type.GetCustomAttributes());
            foreach (var method in type.GetMethods())
            {
                ReadMethod(from, method);
            }
        }
    }

    private void ReadMethod(string from, MethodDefinitionHandle handle)
    {
        var method = _metadata.GetMethodDefinition(handle);
        var place = _metadata.GetString(method.Name);
        var signature = method.DecodeSignature(_names, null);
        AddAll(from, [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(static t => t)], place);
        AddAttributes(from, method.GetCustomAttributes());
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }
        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            AddAll(from, _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null).SelectMany(static t => t), place);
        }
        foreach (var region in body.ExceptionRegions)
        {
            Add(from, region.CatchType, place);
        }
        foreach (var token in InstructionTokens.Of(body.GetILBytes()!))
        {
            Add(from, MetadataTokens.EntityHandle(token), place);
        }
    }

    private void Add(string from, EntityHandle to, string place)
    {
        if (!to.IsNil)
        {
            AddAll(from, NamesOf(to), place);
        }
    }

    private void AddAll(string from, IEnumerable<string> to, string place)
    {
        foreach (var name in to.Where(name => name != from))
        {
            _edges.TryAdd((from, name), place);
        }
    }

    private void AddAttributes(string from, CustomAttributeHandleCollection attributes)
    {
        foreach (var handle in attributes)
        {
            Add(from, _metadata.GetCustomAttribute(handle).Constructor, "attribute");
        }
    }

    /// <summary>The types of this assembly that a token names.</summary>
    private ImmutableArray<string> NamesOf(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                return [OutermostName((TypeDefinitionHandle)handle)];
            case HandleKind.TypeSpecification:
                return _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_names, null);
            case HandleKind.MethodDefinition:
                return [OutermostName(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType())];
            case HandleKind.FieldDefinition:
                return [OutermostName(_metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType())];
            case HandleKind.MemberReference:
                var member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
                var signature = member.GetKind() == MemberReferenceKind.Field
                    ? member.DecodeFieldSignature(_names, null)
                    : Flat(member.DecodeMethodSignature(_names, null));
                return [.. NamesOf(member.Parent), .. signature];
            case HandleKind.MethodSpecification:
                var specification = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                return [.. NamesOf(specification.Method), .. specification.DecodeSignature(_names, null).SelectMany(static t => t)];
            default:
                return [];
        }
    }

    private static ImmutableArray<string> Flat(MethodSignature<ImmutableArray<string>> signature) =>
        [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(static t => t)];

    private string OutermostName(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        while (!type.GetDeclaringType().IsNil)
        {
            type = _metadata.GetTypeDefinition(type.GetDeclaringType());
        }
        var space = _metadata.GetString(type.Namespace);
        return space.Length == 0 ? _metadata.GetString(type.Name) : $"{space}.{_metadata.GetString(type.Name)}";
    }

    /// <summary>Turns a signature into the names of this assembly's types in it, generic arguments included.</summary>
    private sealed class TypeNames(CodeReferences owner) : ISignatureTypeProvider<ImmutableArray<string>, object?>
    {
        public ImmutableArray<string> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [owner.OutermostName(handle)];

        public ImmutableArray<string> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [];

        public ImmutableArray<string> GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        public ImmutableArray<string> GetGenericInstantiation(ImmutableArray<string> genericType, ImmutableArray<ImmutableArray<string>> typeArguments) =>
            [.. genericType, .. typeArguments.SelectMany(static t => t)];

        public ImmutableArray<string> GetArrayType(ImmutableArray<string> elementType, ArrayShape shape) => elementType;

        public ImmutableArray<string> GetByReferenceType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetFunctionPointerType(MethodSignature<ImmutableArray<string>> signature) => Flat(signature);

        public ImmutableArray<string> GetGenericMethodParameter(object? genericContext, int index) => [];

        public ImmutableArray<string> GetGenericTypeParameter(object? genericContext, int index) => [];

        public ImmutableArray<string> GetModifiedType(ImmutableArray<string> modifier, ImmutableArray<string> unmodifiedType, bool isRequired) => [.. modifier, .. unmodifiedType];

        public ImmutableArray<string> GetPinnedType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetPointerType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

        public ImmutableArray<string> GetSZArrayType(ImmutableArray<string> elementType) => elementType;
    }
}
